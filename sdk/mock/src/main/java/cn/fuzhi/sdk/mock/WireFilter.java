package cn.fuzhi.sdk.mock;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import wiremock.jakarta.servlet.Filter;
import wiremock.jakarta.servlet.FilterChain;
import wiremock.jakarta.servlet.ReadListener;
import wiremock.jakarta.servlet.ServletException;
import wiremock.jakarta.servlet.ServletInputStream;
import wiremock.jakarta.servlet.ServletRequest;
import wiremock.jakarta.servlet.ServletResponse;
import wiremock.jakarta.servlet.http.HttpServletRequest;
import wiremock.jakarta.servlet.http.HttpServletRequestWrapper;
import wiremock.jakarta.servlet.http.HttpServletResponse;

/**
 * Reads the body of a request with a limit before and after inflating, digests the bytes as they were sent, and hands WireMock
 * the inflated body unless it is large. What it read is kept beside the request under the header {@value #ID} until the answer is out.
 */
final class WireFilter implements Filter {
    static final String ID = "Fuzhi-Wire-Id";

    /** What carries files: everything else is JSON of at most a batch. */
    private static final Pattern FILES = Pattern.compile("/v1/(packages|attachments/[^/]+/parts/[^/]+)");
    /** Bodies up to this size are read whenever they come, and shown to WireMock, whose journal keeps them. */
    private static final int SMALL = 1024 * 1024;
    /** How many larger bodies are in memory at a time, each for a moment three times; the others wait for their turn. */
    private static final int LARGE_AT_ONCE = 1;

    private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Semaphore large = new Semaphore(LARGE_AT_ONCE, true);
    private final int bodyLimit;

    WireFilter(int batchBytes) {
        bodyLimit = Math.max(batchBytes, SMALL);
    }

    /** A request on its way through WireMock, and its answer once there is one. */
    static final class Exchange {
        private volatile @Nullable Call call;
        private volatile @Nullable Reply reply;
        private @Nullable Semaphore held;
        private boolean gone;

        Call call() {
            return Objects.requireNonNull(call, "the call is read before anyone asks for it");
        }

        /** Takes a place among the large bodies, once. */
        void hold(Semaphore places) {
            if (held == null) {
                places.acquireUninterruptibly();
                held = places;
            }
        }

        /** The answer has left, or never will. */
        void end() {
            if (held != null) {
                held.release();
            }
            leave();
        }

        /** The first byte of the answer is about to leave: whoever has read it must find the request done. */
        void leave() {
            Reply answer = reply;
            if (answer != null && !gone) {
                gone = true;
                answer.left().run();
            }
        }

        void reply(Reply answer) {
            reply = answer;
        }

        Reply.Cut cut() {
            Reply answer = reply;
            return answer == null ? Reply.Cut.NEVER : answer.journey().cut();
        }
    }

    Exchange exchange(String id) {
        return Objects.requireNonNull(exchanges.get(id), "every request comes through the filter");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String id = String.valueOf(numbers.incrementAndGet());
        Exchange exchange = new Exchange();
        exchanges.put(id, exchange);
        try {
            exchange.call = read(http, exchange);
            WireCut cut = new WireCut((HttpServletResponse) response, http, exchange);
            chain.doFilter(new Inflated(http, id, exchange.call()), cut);
            cut.finish();
        } finally {
            exchanges.remove(id);
            exchange.end();
        }
    }

    private Call read(HttpServletRequest request, Exchange exchange) throws IOException {
        int limit = FILES.matcher(request.getRequestURI()).matches() ? Limits.BODY : bodyLimit;
        InputStream in = request.getInputStream();
        byte[] wire = readUpTo(in, limit, exchange);
        String encoding = Objects.requireNonNullElse(request.getHeader("Content-Encoding"), "")
                .toLowerCase(Locale.ROOT);
        String problem = wire.length > limit ? "PAYLOAD_TOO_LARGE" : "";
        byte[] body = wire;
        if (!problem.isEmpty()) {
            drain(in);
        } else if (encoding.equals("gzip")) {
            try {
                body = readUpTo(new GZIPInputStream(new ByteArrayInputStream(wire)), limit, exchange);
                problem = body.length > limit ? "PAYLOAD_TOO_LARGE" : "";
            } catch (IOException e) {
                problem = "BAD_REQUEST";
            }
        }
        Call.Wire facts =
                new Call.Wire(wire.length, digest("SHA-256", wire), digest("SHA-512", wire), encoding, problem);
        return new Call(
                request.getMethod(),
                request.getScheme(),
                request.getRequestURI(),
                request.getQueryString(),
                headers(request),
                problem.isEmpty() ? body : new byte[0],
                facts,
                request.getRemoteAddr());
    }

    /** Reads a stream, but at most one byte more than a limit; what is large waits until there is room for it. */
    private byte[] readUpTo(InputStream in, int limit, Exchange exchange) throws IOException {
        byte[] head = in.readNBytes(Math.min(limit + 1, SMALL));
        if (head.length < SMALL || head.length > limit) {
            return head;
        }
        exchange.hold(large);
        byte[] rest = in.readNBytes(limit + 1 - head.length);
        byte[] all = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return all;
    }

    /** A client that is still sending reads its answer only afterwards; what is far too much is cut off by the server. */
    private static void drain(InputStream in) throws IOException {
        byte[] sink = new byte[16_384];
        long left = 2L * Limits.BODY;
        for (int n = in.read(sink); n >= 0 && left > 0; n = in.read(sink)) {
            left -= n;
        }
    }

    private static String digest(String algorithm, byte[] bytes) {
        MessageDigest digest = Digests.digest(algorithm);
        return Base64.getEncoder().encodeToString(digest.digest(bytes));
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            List<String> values = Collections.list(request.getHeaders(name)).stream()
                    .map(String::trim)
                    .toList();
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values));
        }
        // HTTP/2 has no Host; its :authority is what the server calls its name and port.
        headers.putIfAbsent("host", request.getServerName() + ":" + request.getServerPort());
        return headers;
    }

    /** The request as WireMock sees it: inflated, numbered, and without binary bodies, which it might take for gzip, and large ones. */
    private static final class Inflated extends HttpServletRequestWrapper {
        private final String id;
        private final byte[] body;

        Inflated(HttpServletRequest request, String id, Call call) {
            super(request);
            this.id = id;
            String type = Objects.requireNonNullElse(call.header("Content-Type"), "");
            boolean text = type.contains("json") || type.startsWith("text/");
            this.body = text && call.body().length <= SMALL ? call.body() : new byte[0];
        }

        @Override
        public ServletInputStream getInputStream() {
            return new Bytes(new ByteArrayInputStream(body));
        }

        @Override
        public int getContentLength() {
            return body.length;
        }

        @Override
        public @Nullable String getHeader(String name) {
            if (name.equalsIgnoreCase(ID)) {
                return id;
            }
            return name.equalsIgnoreCase("Content-Encoding") ? null : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            if (name.equalsIgnoreCase(ID)) {
                return Collections.enumeration(List.of(id));
            }
            boolean hidden = name.equalsIgnoreCase("Content-Encoding");
            return hidden ? Collections.emptyEnumeration() : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            List<String> names = new java.util.ArrayList<>(Collections.list(super.getHeaderNames()));
            names.removeIf(name -> name.equalsIgnoreCase("Content-Encoding") || name.equalsIgnoreCase(ID));
            names.add(ID);
            return Collections.enumeration(names);
        }
    }

    private static final class Bytes extends ServletInputStream {
        private final ByteArrayInputStream in;

        Bytes(ByteArrayInputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return in.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
            return in.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("the body is read in blocking mode");
        }
    }
}
