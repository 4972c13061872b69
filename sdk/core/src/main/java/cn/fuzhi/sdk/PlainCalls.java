package cn.fuzhi.sdk;

import cn.fuzhi.sdk.Failures.Safety;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.CallAdapter;
import retrofit2.Retrofit;

/**
 * Lets the generated interfaces return results: Retrofit builds the request, the pipeline does everything else.
 *
 * <p>Every POST and PUT gets its idempotency key here, one for all attempts.
 */
final class PlainCalls extends CallAdapter.Factory {
    private final Pipeline pipeline;
    private final Ports ports;

    PlainCalls(Pipeline pipeline, Ports ports) {
        this.pipeline = pipeline;
        this.ports = ports;
    }

    @Override
    public CallAdapter<Object, Object> get(Type returnType, Annotation[] annotations, Retrofit retrofit) {
        ObjectReader reader = Json.MAPPER.readerFor(Json.MAPPER.constructType(returnType));
        return new CallAdapter<>() {
            @Override
            public Type responseType() {
                return returnType;
            }

            @Override
            public Object adapt(Call<Object> call) {
                return pipeline.call(operation(call.request(), ports, reader::readValue));
            }
        };
    }

    /** Makes the operation of a request: its body is read once, and a write gets its key. */
    static <T> Operation<T> operation(Request request, Ports ports, Operation.Reader<T> reader) {
        boolean safe = "GET".equals(request.method()) || "HEAD".equals(request.method());
        Request head = safe
                ? request
                : request.newBuilder()
                        .header(MessageSignature.IDEMPOTENCY_KEY, ports.uuid().toString())
                        .build();
        return new Operation<>(
                Operation.group(request), safe ? Safety.SAFE : Safety.KEYED, head, payload(request.body()), reader);
    }

    private static @Nullable Payload payload(@Nullable RequestBody body) {
        if (body == null) {
            return null;
        }
        try (Buffer buffer = new Buffer()) {
            body.writeTo(buffer);
            byte[] bytes = buffer.readByteArray();
            return new Payload(bytes, bytes.length, body.contentType());
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory can be written", e);
        }
    }
}
