package cn.fuzhi.sdk.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.FrozenRecord;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DependenciesTest {
    private static final String NAME = "default";

    private OneConnection database;
    private Dependencies dependencies;
    private OutboxStore store;

    @BeforeEach
    void open() throws Exception {
        database = new OneConnection();
        dependencies = new Dependencies(database, Outbox.Builder.PREFIX, NAME);
        store = new OutboxStore(database, Dialect.SQLITE, Outbox.Builder.PREFIX, NAME, "me", false);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Claim claim(RecordKind kind, String key, String json) {
        FrozenRecord record = FrozenRecord.of(kind, key, Op.UPSERT, "f", json.getBytes(StandardCharsets.UTF_8), null);
        return new Claim(record, 1, 1, 0, 0, 0, 0, null, 0);
    }

    private boolean waits(Claim claim) {
        Verdicts.Wait wait = dependencies.waiting(List.of(claim)).get(claim.key());
        return wait.since() == null;
    }

    @Test
    void seesReferencesToTheSameRankButNotToItself() {
        store.put(List.of(RecordCodec.freeze(Records.school(1, "甲")), RecordCodec.freeze(Records.school(2, "乙"))));
        String other = "{\"mainCampus\":\"" + Records.code(2) + "\",\"schoolCode\":\"" + Records.code(1) + "\"}";
        assertThat(waits(claim(RecordKind.SCHOOL, Records.code(1), other))).isTrue();
        String own = "{\"schoolCode\":\"" + Records.code(1) + "\"}";
        assertThat(waits(claim(RecordKind.SCHOOL, Records.code(1), own))).isFalse();
        assertThat(waits(claim(RecordKind.USAGE_REPORT, "x", own))).isTrue();
    }

    @Test
    void looksAtValuesAndNotAtTheNamesOfProperties() {
        store.put(List.of(RecordCodec.freeze(Records.school(1, "甲"))));
        String named = "{\"" + Records.code(1) + "\":\"a\\\"" + Records.code(1) + "\",\"b\":[\"\\\\\"]}";
        assertThat(waits(claim(RecordKind.USAGE_REPORT, "x", named))).isFalse();
        assertThat(waits(claim(RecordKind.USAGE_REPORT, "x", "{\"a\":[\"" + Records.code(1) + "\"]}")))
                .isTrue();
    }

    @Test
    void asksOnceForAWholeBatch() {
        AtomicInteger queries = new AtomicInteger();
        Transactions counting = new Transactions() {
            @Override
            public <T> T write(Work<T> work) {
                return database.write(work);
            }

            @Override
            public <T> T read(Work<T> work) {
                queries.incrementAndGet();
                return database.read(work);
            }

            @Override
            public void close() {
                database.close();
            }
        };
        store.put(List.of(RecordCodec.freeze(Records.school(499, "甲"))));
        List<Claim> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            batch.add(claim(RecordKind.USAGE_REPORT, "k" + i, "{\"a\":\"" + Records.code(i) + "\"}"));
        }
        var waits = new Dependencies(counting, Outbox.Builder.PREFIX, NAME).waiting(batch);
        assertThat(queries).hasValue(1);
        assertThat(waits).hasSize(500);
        assertThat(waits.get("k499").since()).isNull();
        assertThat(waits.get("k0").since()).isNotNull();
    }
}
