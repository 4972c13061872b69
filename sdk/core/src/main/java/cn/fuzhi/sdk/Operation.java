package cn.fuzhi.sdk;

import cn.fuzhi.sdk.Failures.Safety;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be done at the platform, however many attempts it takes.
 *
 * @param group operations that fail together: they share a breaker
 * @param safety what a repetition could do
 * @param head the request with its idempotency key, without its body
 * @param payload the body, or null
 * @param reader reads the answer
 * @param <T> the answer
 */
record Operation<T>(
        String group, Safety safety, Request head, @Nullable Payload payload, Reader<T> reader) {
    /** Reads the JSON of an answer. */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * Reads to the end.
         *
         * @throws IOException when the stream breaks, or (from Jackson) when it does not contain what it should
         */
        T read(InputStream json) throws IOException;
    }

    /** What operations of a path share: reading, pushing, files. */
    static String group(Request request) {
        if (request.url().pathSegments().contains("attachments")) {
            return "files";
        }
        return "GET".equals(request.method()) ? "read" : "push";
    }

    Operation<T> with(Payload body) {
        return new Operation<>(group, safety, head, body, reader);
    }

    /** Whether the body of an attempt goes compressed when that is allowed. */
    boolean isCompressed(boolean gzip) {
        Payload.Body body = body(gzip);
        return body != null && body.isGzip();
    }

    /** The body of one attempt, compressed when that is allowed and worth it. */
    Payload.@Nullable Body body(boolean gzip) {
        return payload == null ? null : payload.body(gzip);
    }
}
