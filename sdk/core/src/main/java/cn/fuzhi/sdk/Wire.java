package cn.fuzhi.sdk;

import cn.fuzhi.sdk.Failures.Ruling;
import cn.fuzhi.sdk.Failures.Safety;
import cn.fuzhi.sdk.Failures.Transport;
import cn.fuzhi.sdk.model.Problem;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Sends one request once and makes a value or a {@link Failed} of whatever comes back. */
final class Wire {
    static final String REQUEST_ID = "Fuzhi-Request-Id";

    /** Where the network layer puts {@code Retry-After}, so that OkHttp does not act on it (it repeats a 503 with 0). */
    static final String RETRY_AFTER = "Fuzhi-Client-Retry-After";

    private static final long LARGEST_ANSWER = 8L << 20;
    private static final long LARGEST_PROBLEM = 64L << 10;
    private static final int OK = 200;

    /** The alerts by which a server refuses a certificate, or the lack of one (RFC 8446 §6.2). */
    private static final Pattern REFUSED_CERTIFICATE =
            Pattern.compile("fatal alert: \\w*(certificate|unknown_ca|access_denied)");

    private final OkHttpClient http;
    private final MessageSignature signature;
    private final InFlight inFlight;
    private final ClockOffset clock;
    private final Addresses addresses;
    private final OwnCertificate certificate;
    private volatile Dated latest = new Dated("", null);

    Wire(
            OkHttpClient http,
            MessageSignature signature,
            Addresses addresses,
            OwnCertificate certificate,
            InFlight inFlight,
            ClockOffset clock) {
        this.http = http;
        this.signature = signature;
        this.addresses = addresses;
        this.certificate = certificate;
        this.inFlight = inFlight;
        this.clock = clock;
    }

    /** Notes whether the request has begun to leave this machine, which addresses can be reached, and as whom we came. */
    static final class Sent extends EventListener {
        private final Addresses addresses;
        private final OwnCertificate certificate;
        private volatile boolean begun;

        private Sent(Addresses addresses, OwnCertificate certificate) {
            this.addresses = addresses;
            this.certificate = certificate;
        }

        @Override
        public void connectFailed(
                Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol, IOException e) {
            if (to.getAddress() != null) {
                addresses.failed(to.getAddress());
            }
        }

        @Override
        public void connectEnd(Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol) {
            if (to.getAddress() != null) {
                addresses.connected(to.getAddress());
            }
        }

        @Override
        public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
            if (handshake != null) {
                certificate.shown(handshake.localCertificates());
            }
        }

        @Override
        public void requestHeadersStart(Call call) {
            begun = true;
        }

        static EventListener of(Call call) {
            Sent sent = call.request().tag(Sent.class);
            return sent == null ? EventListener.NONE : sent;
        }
    }

    /** A {@code Date} and what it means: all answers of one second have the same, which is read once. */
    private record Dated(String text, @Nullable Instant date) {}

    /** An answer that is longer than anything the contract allows. */
    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    <T> T send(Operation<T> operation, boolean gzip, Duration timeout) throws Failed {
        Sent sent = new Sent(addresses, certificate);
        InFlight.Attempt attempt = inFlight.enter(timeout);
        try {
            Call call = http.newCall(request(operation, gzip, sent));
            attempt.calls(call);
            try (Response response = call.execute()) {
                return read(operation, call, response);
            }
        } catch (FuzhiException e) {
            throw Failed.unanswered(Failures.NO_SECRET, e, false);
        } catch (IOException e) {
            throw unanswered(operation.safety(), sent, attempt, attempt.isOverdue() ? timedOut(timeout, e) : e);
        } catch (RuntimeException e) {
            // OkHttp meets some malformed answers, such as several informational ones, with a failed assertion.
            throw unanswered(operation.safety(), sent, attempt, new IOException("malformed answer", e));
        } finally {
            inFlight.leave(attempt);
        }
    }

    /** Every attempt has a signature of its own: two with one nonce would be a replay. */
    private Request request(Operation<?> operation, boolean gzip, Sent sent) {
        Request head = operation.head();
        Request.Builder attempt = Headers.common(head.newBuilder()).tag(Sent.class, sent);
        Payload.Body body = operation.body(gzip);
        if (body != null) {
            attempt.method(head.method(), body);
            if (body.isGzip()) {
                attempt.header("Content-Encoding", "gzip");
            }
        }
        signature.sign(head, body, attempt);
        return attempt.build();
    }

    private static IOException timedOut(Duration timeout, IOException e) {
        IOException timedOut = new InterruptedIOException("no whole answer within " + timeout.toMillis() + " ms");
        timedOut.initCause(e);
        return timedOut;
    }

    private <T> T read(Operation<T> operation, Call call, Response response) throws Failed, IOException {
        Instant date = date(response.header("Date"));
        if (response.code() != OK) {
            throw refused(operation.safety(), call, response, date);
        }
        if (!isJson(response)) {
            throw unreadable(operation.safety(), response);
        }
        try {
            T value = operation.reader().read(new Limited(body(response).inputStream(), call));
            if (value == null) {
                throw unreadable(operation.safety(), response);
            }
            if (date != null) {
                clock.learn(date);
            }
            return value;
        } catch (JsonProcessingException e) {
            IOException broken = broken(e);
            if (broken instanceof TooLong) {
                throw tooLong(response);
            }
            if (broken != null) {
                throw broken;
            }
            throw unreadable(operation.safety(), response);
        } catch (TooLong e) {
            throw tooLong(response);
        }
    }

    private @Nullable Instant date(@Nullable String text) {
        Dated known = latest;
        if (text == null || text.equals(known.text)) {
            return text == null ? null : known.date;
        }
        Instant date = RetryAfter.date(text);
        latest = new Dated(text, date);
        return date;
    }

    /** Jackson wraps what the network throws in the middle of a list. */
    private static @Nullable IOException broken(JsonProcessingException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io && !(cause instanceof JsonProcessingException)) {
                return io;
            }
        }
        return null;
    }

    private static BufferedSource body(Response response) {
        okhttp3.ResponseBody body = response.body();
        if (body == null) {
            throw new IllegalStateException("an executed call has a body");
        }
        return body.source();
    }

    private static boolean isJson(Response response) {
        String type = response.header("Content-Type");
        if ("application/json".equals(type)) {
            return true; // nearly always, and without the patterns of a parser
        }
        MediaType media = type == null ? null : MediaType.parse(type);
        if (media == null || !media.type().equals("application")) {
            return false;
        }
        return media.subtype().equals("json") || media.subtype().endsWith("+json");
    }

    private Failed refused(Safety safety, Call call, Response response, @Nullable Instant date) {
        Problem problem = problem(call, response);
        Instant relative = date == null ? clock.now() : date;
        Duration wait = RetryAfter.of(response.headers(RETRY_AFTER), relative);
        Instant platform = problem != null && problem.serverTime() != null
                ? problem.serverTime().toInstant()
                : date;
        Ruling ruling = Failures.of(
                response.code(), problem == null ? null : problem.code(), safety, wait != null, wish(response));
        Failed.Answer answer = new Failed.Answer(response.code(), problem, wait, platform);
        return Failed.answered(
                ruling,
                Explained.answer(ruling, answer, response.header(REQUEST_ID)),
                answer,
                leavesDoubt(ruling, answer));
    }

    private static @Nullable Boolean wish(Response response) {
        String wish = response.header("Fuzhi-Retry");
        if ("yes".equals(wish)) {
            return true;
        }
        return "no".equals(wish) ? false : null;
    }

    private static @Nullable Problem problem(Call call, Response response) {
        if (!isJson(response)) {
            return null;
        }
        try {
            BufferedSource source = body(response);
            if (source.request(LARGEST_PROBLEM + 1)) {
                call.cancel();
                return null;
            }
            return Json.MAPPER.readValue(source.getBuffer().readByteArray(), Problem.class);
        } catch (IOException e) {
            // The status says enough.
            return null;
        }
    }

    private static Failed unreadable(Safety safety, Response response) {
        return useless(
                Failures.of(response.code(), null, safety, false, null),
                response,
                "应答不是契约规定的 JSON，可能来自网关或登录页",
                "the answer is not the JSON of the contract; perhaps it comes from a gateway or a login page");
    }

    private static Failed tooLong(Response response) {
        return useless(
                Failures.TOO_LONG,
                response,
                "应答超过 8 MiB；列表请减小 limit",
                "the answer is longer than 8 MiB; ask for fewer items of a list (limit)");
    }

    /** The failure of a success whose body says nothing. */
    private static Failed useless(Ruling ruling, Response response, String zh, String en) {
        return Failed.answered(
                ruling,
                Explained.transport(ruling, response.code(), zh, en, response.header(REQUEST_ID), null),
                new Failed.Answer(response.code(), null, null, null),
                true);
    }

    /**
     * What leaves a write without a key unknown says no more about one with a key, also when the platform says that it may be sent
     * again: under the same key. And what is still being worked on is about to be applied.
     */
    private static boolean leavesDoubt(Ruling ruling, Failed.Answer answer) {
        String code = answer.problem() == null ? null : answer.problem().code();
        Ruling unkeyed = Failures.of(answer.status(), code, Safety.UNKEYED, answer.retryAfter() != null, null);
        return unkeyed.kind() == Failures.Kind.OUTCOME_UNKNOWN
                || ruling.disposition() == BatchReply.Disposition.RETRY_UNCOUNTED;
    }

    private Failed unanswered(Safety safety, Sent sent, InFlight.Attempt attempt, IOException e) {
        Transport outcome = outcome(sent.begun, e);
        Ruling ruling = Failures.of(outcome, safety);
        boolean doubtful = outcome == Transport.AMBIGUOUS;
        // An interrupt between two reads is noticed by the stream before our watcher sees it.
        boolean interrupted = !attempt.isEnded()
                && (attempt.isInterrupted() || Thread.currentThread().isInterrupted());
        if (interrupted || inFlight.isClosed()) {
            String zh = interrupted ? "调用被中断" : "客户端已关闭，调用被取消";
            String en = interrupted ? "the call was interrupted" : "the client was closed, the call cancelled";
            Ruling stopped = new Ruling(
                    ruling.kind(),
                    Failures.Next.STOP,
                    ruling.correction(),
                    ruling.disposition(),
                    Failures.Health.IGNORED);
            return Failed.unanswered(stopped, Explained.transport(stopped, 0, zh, en, null, e), doubtful);
        }
        String zh = "没有得到应答：" + describe(e) + (sent.begun ? "" : "，如从未连通请核对平台地址");
        String en = "no answer: " + describe(e) + (sent.begun ? "" : "; if it never worked, check the address");
        return Failed.unanswered(ruling, Explained.transport(ruling, 0, zh, en, null, e), doubtful);
    }

    static Transport outcome(boolean begun, IOException e) {
        if (isUntrusted(begun, e)) {
            return Transport.UNTRUSTED;
        }
        // A server that resets a stream as refused, or is going away, has not looked at it (RFC 9113 §8.7).
        boolean refusedStream = e instanceof okhttp3.internal.http2.ConnectionShutdownException
                || (e instanceof okhttp3.internal.http2.StreamResetException reset
                        && reset.errorCode == okhttp3.internal.http2.ErrorCode.REFUSED_STREAM);
        return begun && !refusedStream ? Transport.AMBIGUOUS : Transport.NOT_SENT;
    }

    /**
     * Whether the two sides do not trust each other, which a repetition would not change. A record of TLS that was damaged on the way
     * is no such thing; and once a request has begun, the handshake is over but for the answer to our certificate (RFC 8446 §4.4.2).
     */
    private static boolean isUntrusted(boolean begun, IOException e) {
        if (e instanceof SSLPeerUnverifiedException || e instanceof java.net.UnknownServiceException) {
            return true;
        }
        if (!(e instanceof SSLException)) {
            return false;
        }
        String message = e.getMessage() == null ? "" : e.getMessage();
        if (begun) {
            return REFUSED_CERTIFICATE.matcher(message).find();
        }
        if (message.contains("bad_record_mac")) {
            return false;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return !(cause instanceof BadPaddingException);
            }
        }
        return message.contains("fatal alert") || message.contains("No appropriate protocol");
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " " + Explained.clean(message));
    }

    /** Stops reading at the limit, whatever the compressed size was, and closes the connection. */
    private static final class Limited extends FilterInputStream {
        private final Call call;
        private long left = LARGEST_ANSWER;

        private Limited(InputStream in, Call call) {
            super(in);
            this.call = call;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                count(1);
            }
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = super.read(buffer, from, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int read) throws TooLong {
            left -= read;
            if (left < 0) {
                call.cancel();
                throw new TooLong();
            }
        }
    }
}
