package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.List;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Lists the records of any pushed kind: the contract gives all kinds the same list, so a new kind needs nothing here. Records may be
 * so long that a page of the most items is more than what is read; then fewer are asked for.
 */
final class Listing {
    private static final int MOST = 1000;

    private final Pipeline pipeline;
    private final HttpUrl baseUrl;
    private final Ports ports;
    private volatile int limit = MOST;

    Listing(Pipeline pipeline, HttpUrl baseUrl, Ports ports) {
        this.pipeline = pipeline;
        this.baseUrl = baseUrl;
        this.ports = ports;
    }

    private record Entry<T>(
            @JsonProperty("record") @Nullable T record) {}

    private record Page<T>(
            @JsonProperty("items") @Nullable List<Entry<T>> items,
            @JsonProperty("nextCursor") @Nullable String nextCursor,
            @JsonProperty("hasMore") @Nullable Boolean hasMore) {}

    <T extends PushRecord> Pages<T> of(Class<T> type) {
        RecordKind kind = RecordKind.known().stream()
                .filter(known -> known.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("不是报送记录 / not a pushed kind: " + type.getName()));
        JavaType page = Json.MAPPER.getTypeFactory().constructParametricType(Page.class, type);
        ObjectReader reader = Json.MAPPER.readerFor(page);
        return Pages.of(
                cursor -> this.<T>page(kind, cursor, reader), Listing::records, Page::hasMore, Page::nextCursor);
    }

    private <T> Page<T> page(RecordKind kind, @Nullable String cursor, ObjectReader reader) {
        pipeline.requireOpen();
        while (true) {
            int asked = limit;
            Request request = request(kind, cursor, asked);
            try {
                return pipeline.repeat(PlainCalls.<Page<T>>operation(request, ports, reader::readValue));
            } catch (Failed failed) {
                if (!failed.ruling().equals(Failures.TOO_LONG) || asked == 1) {
                    throw failed.shown();
                }
                limit = asked / 2;
            }
        }
    }

    private Request request(RecordKind kind, @Nullable String cursor, int items) {
        HttpUrl.Builder url = baseUrl.newBuilder()
                .addPathSegment("v1")
                .addPathSegment(kind.path())
                .addQueryParameter("limit", String.valueOf(items));
        if (cursor != null) {
            url.addQueryParameter("cursor", cursor);
        }
        return new Request.Builder().url(url.build()).build();
    }

    private static <T> List<T> records(Page<T> page) {
        List<Entry<T>> items = page.items() == null ? List.of() : page.items();
        return items.stream()
                .filter(Objects::nonNull)
                .map(Entry::record)
                .filter(Objects::nonNull)
                .toList();
    }
}
