package cn.fuzhi.examples.plain;

import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.api.PairingsApi;
import cn.fuzhi.sdk.model.PairingEntry;
import cn.fuzhi.sdk.model.PushRecord;
import java.util.List;

/** Typed calls without an outbox: read, list, try, push now. */
public final class TypedCalls {
    private TypedCalls() {}

    /** Reads one school and lists the pairings of a school year. */
    static List<PairingEntry> pairingsOf(FuzhiClient client, String schoolCode) {
        String name = client.schools().get(schoolCode).record().name();
        System.out.println(name);
        return client.pairings()
                .list(PairingsApi.Query.builder()
                        .schoolYear("2022-2023")
                        .limit(100)
                        .build())
                .items();
    }

    /** Checks records against the platform without storing them, then pushes them; a refused row is data, not an exception. */
    static PushReport pushCarefully(FuzhiClient client, List<? extends PushRecord> records) {
        try {
            PushReport trial = client.dryRun(records);
            return trial.isComplete() ? client.push(records) : trial;
        } catch (FuzhiException.Throttled e) {
            throw e; // wait e.retryAfter(), or let the outbox do it
        } catch (FuzhiException.Unauthenticated e) {
            throw new IllegalStateException("请核对 keyId 与密钥 / check key id and secret", e);
        }
    }
}
