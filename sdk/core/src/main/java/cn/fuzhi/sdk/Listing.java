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

/** Lists the records of any pushed kind: the contract gives all kinds the same list, so a new kind needs nothing here. */
final class Listing {
    private static final String PAGE = "1000";

    private final Pipeline pipeline;
    private final HttpUrl baseUrl;
    private final Ports ports;

    Listing(Pipeline pipeline, HttpUrl baseUrl, Ports ports) {
        this.pipeline = pipeline;
        this.baseUrl = baseUrl;
        this.ports = ports;
    }

    private record Entry<T>(
            @JsonProperty("record") @Nullable T record) {}

    private record Page<T>(
            @JsonProperty("items") @Nullable List<Entry<T>> items,
            @JsonProperty("nextCursor") @Nullable String nextCursor) {}

    <T extends PushRecord> Pages<T> of(Class<T> type) {
        RecordKind kind = RecordKind.known().stream()
                .filter(known -> known.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("不是报送记录 / not a pushed kind: " + type.getName()));
        JavaType page = Json.MAPPER.getTypeFactory().constructParametricType(Page.class, type);
        ObjectReader reader = Json.MAPPER.readerFor(page);
        return Pages.of(cursor -> this.<T>page(kind, cursor, reader), Listing::records, Page::nextCursor);
    }

    private <T> Page<T> page(RecordKind kind, @Nullable String cursor, ObjectReader reader) {
        HttpUrl.Builder url = baseUrl.newBuilder()
                .addPathSegment("v1")
                .addPathSegment(kind.path())
                .addQueryParameter("limit", PAGE);
        if (cursor != null) {
            url.addQueryParameter("cursor", cursor);
        }
        Request request = new Request.Builder().url(url.build()).build();
        return pipeline.call(PlainCalls.<Page<T>>operation(request, ports, reader::readValue));
    }

    private static <T> List<T> records(Page<T> page) {
        List<Entry<T>> items = page.items() == null ? List.of() : page.items();
        return items.stream().map(Entry::record).filter(Objects::nonNull).toList();
    }
}
