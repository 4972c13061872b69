package cn.fuzhi.sdk.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published worked example of GB 32100-2015, and invented codes. */
class CreditCodeTest {
    @ParameterizedTest
    @ValueSource(strings = {"91350100M000100Y43", "12610727000000019A", "126100000000000280"})
    void acceptsARightCheckCharacter(String code) {
        assertThat(CreditCode.isValid(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"91350100M000100Y4Z", "91350100M000100I43", "1261072700000001", "91350100m000100y43"})
    void refusesTheRest(String code) {
        assertThat(CreditCode.isValid(code)).isFalse();
    }
}
