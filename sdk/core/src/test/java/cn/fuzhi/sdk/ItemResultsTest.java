package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.ItemResult;
import cn.fuzhi.sdk.model.Verdict;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemResultsTest {
    private static ItemResult read(String json) throws JsonProcessingException {
        return Json.MAPPER.readValue(json, ItemResult.class);
    }

    @Test
    void readsWhatItWrites() throws JsonProcessingException {
        ItemResult whole = read("""
                {"key":"2161000001","version":3,"result":"STALE","currentVersion":4,"currentDigest":"ab",
                 "violations":[{"pointer":"/name","rule":"R-02","severity":"ERROR","message":"m"}],
                 "warnings":[{"pointer":"","rule":"R-33","severity":"WARNING","message":"w"}],
                 "submission":{"state":"DIFFERENT","statedCount":2}}""");
        assertThat(whole.key()).isEqualTo("2161000001");
        assertThat(whole.version()).isEqualTo(3);
        assertThat(whole.result()).isSameAs(Verdict.STALE);
        assertThat(whole.currentVersion()).isEqualTo(4);
        assertThat(whole.currentDigest()).isEqualTo("ab");
        assertThat(whole.violations())
                .singleElement()
                .satisfies(v -> assertThat(v.rule()).isEqualTo("R-02"));
        assertThat(whole.warnings())
                .singleElement()
                .satisfies(v -> assertThat(v.rule()).isEqualTo("R-33"));
        assertThat(whole.submission().statedCount()).isEqualTo(2);
        assertThat(read(Json.MAPPER.writeValueAsString(whole))).isEqualTo(whole);
    }

    @Test
    void ignoresWhatANewerPlatformAddsAndKeepsAVerdictItDoesNotKnow() throws JsonProcessingException {
        ItemResult read =
                read("{\"more\":[{\"key\":\"x\"}],\"result\":\"DEFERRED\",\"key\":\"a\",\"late\":{\"version\":9}}");
        assertThat(read)
                .isEqualTo(ItemResult.builder()
                        .key("a")
                        .result(Verdict.of("DEFERRED"))
                        .build());
        assertThat(read.result().isKnown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"key\":null,\"version\":null,\"result\":null,\"currentVersion\":null,\"currentDigest\":null}",
                "{\"violations\":null,\"warnings\":[],\"submission\":null}"
            })
    void takesNullForAbsent(String json) throws JsonProcessingException {
        assertThat(read(json)).isEqualTo(new ItemResult(null, null, null, null, null, List.of(), List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"CREATED\"",
                "{\"key\":1}",
                "{\"key\":{}}",
                "{\"version\":\"1\"}",
                "{\"version\":1.0}",
                "{\"version\":99999999999999999999}",
                "{\"version\":[1]}",
                "{\"currentVersion\":true}",
                "{\"currentDigest\":7}",
                "{\"result\":0}",
                "{\"result\":{\"value\":\"CREATED\"}}",
                "{\"violations\":{}}",
                "{\"violations\":[7]}",
                "{\"submission\":\"r\"}",
                "{\"key\":\"a\",\"key\":\"a\"}",
                "{\"more\":{\"a\":1,\"a\":1}}",
                "{\"key\":\"a\"",
                "{\"key\":\"a\"} 1"
            })
    void refusesAnotherForm(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(JsonProcessingException.class);
    }
}
