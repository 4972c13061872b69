package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fuzzer's target holds for its first inputs; {@code sdk/campaigns/fuzz} goes on from them. */
class FormFuzzTest {
    @Test
    void readsSoundFilesAndWhatIsLeftOfThemHalfWay() {
        List<byte[]> seeds = FormFuzz.seeds();
        assertThat(seeds).hasSizeGreaterThan(40);
        for (byte[] seed : seeds) {
            FormFuzz.fuzzerTestOneInput(seed);
            FormFuzz.fuzzerTestOneInput(Arrays.copyOf(seed, seed.length / 2));
        }
    }
}
