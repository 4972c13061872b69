package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cn.fuzhi.sdk.model.ItemResult;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violations;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.List;
import okio.Buffer;
import okio.GzipSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchBodyTest {
    private final BatchBody body = new BatchBody(BatchLimits.CONTRACT, new BatchBody.Oddities());

    /** A record of a host's own making that fails while it is written, behind a text that is longer than any buffer. */
    record Broken(@JsonProperty String text) implements PushRecord {
        @JsonProperty
        public String getWrong() {
            if (!text.isEmpty()) {
                throw new IllegalStateException("half written");
            }
            return text;
        }

        @Override
        public RecordKind kind() {
            return RecordKind.SCHOOL;
        }

        @Override
        public String key() {
            return "broken";
        }

        @Override
        public @Nullable String scope() {
            return null;
        }

        @Override
        public void check(Violations v) {}
    }

    @Test
    void aBatchThatIsUsedAgainIsCompressedFromItsOwnBytesAlone() throws IOException {
        for (int items : new int[] {30, 500, 40, 499}) {
            body.clear();
            for (int i = 0; i < items; i++) {
                School school = Samples.school(String.valueOf(2161000000L + items + i));
                body.add(school, school.key());
            }
            Payload payload = body.payload();
            Buffer compressed = new Buffer();
            payload.body(true).writeTo(compressed);
            Buffer plain = new Buffer();
            plain.writeAll(new GzipSource(compressed));
            assertThat(payload.body(true).isGzip()).isTrue();
            assertThat(plain.readUtf8()).isEqualTo(sent());
        }
    }

    @Test
    void aRecordThatCannotBeWrittenLeavesTheBatchAsItWas() throws IOException {
        School good = Samples.school("2161000001");
        School next = Samples.school("2161000003");
        body.add(good, good.key());
        String before = sent();
        Broken broken = new Broken("字".repeat(20_000));
        assertThatThrownBy(() -> body.add(broken, broken.key())).isInstanceOf(FuzhiException.Refused.class);
        assertThat(sent()).isEqualTo(before);
        assertThat(body.contains(broken.key())).isFalse();
        body.add(next, next.key());
        assertThat(Json.MAPPER.readTree(sent()).get("items").findValuesAsText("key"))
                .containsExactly(good.key(), next.key());
    }

    @Test
    void keysWithTheSameHashAreToldApart() {
        String one = "21610000Aa";
        String other = "21610000BB";
        assertThat(one).hasSameHashCodeAs(other);
        BatchBody next = new BatchBody(BatchLimits.CONTRACT, new BatchBody.Oddities());
        body.add(Samples.school(one), one);
        next.add(Samples.school(other), other);
        assertThat(body.contains(other)).isFalse();
        assertThat(body.sharesKeys(next)).isFalse();
        body.add(Samples.school(other), other);
        assertThat(body.sharesKeys(next)).isTrue();
        assertThat(body.match(List.of(accepted(other), accepted(one))))
                .extracting(ItemOutcome::key, ItemOutcome::verdict)
                .containsExactly(tuple(one, Verdict.CREATED), tuple(other, Verdict.CREATED));
    }

    private static ItemResult accepted(String key) {
        return ItemResult.builder().key(key).result(Verdict.CREATED).version(1L).build();
    }

    private String sent() throws IOException {
        Buffer sent = new Buffer();
        body.payload().body(false).writeTo(sent);
        return sent.readUtf8();
    }
}
