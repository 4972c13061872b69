package cn.fuzhi.sdk.benchmarks;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import okhttp3.tls.HeldCertificate;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The other side of the whole-run benchmarks, a process of its own on the loopback interface: reads and inflates every body,
 * finds the keys of its items, and answers one result for each. A path that begins with {@code /d30} is answered 30 ms later.
 * With TLS its certificate is made at start, and {@link #certificate()} is what a client trusts.
 */
final class Sink implements AutoCloseable {
    private static final byte[] KEY = "\"key\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Duration DELAY = Duration.ofMillis(30);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String ENTRY = "{\"key\":\"1\",\"record\":{\"name\":\"x\"},\"meta\":{\"version\":1}}";

    private static final String LENGTH = "content-length:";
    private static final String ENCODING = "content-encoding:";

    private static final String ADDRESS = "127.0.0.1";
    private static final String TLS = "tls";

    private final Process process;
    private final int port;
    private final @Nullable X509Certificate certificate;

    private Sink(Process process, int port, @Nullable X509Certificate certificate) {
        this.process = process;
        this.port = port;
        this.certificate = certificate;
    }

    static Sink start() throws IOException {
        return start("plain");
    }

    static Sink startTls() throws IOException {
        return start(TLS);
    }

    private static Sink start(String how) throws IOException {
        Process process = Children.java("-Xmx512m", "-cp", Children.classPath(), Sink.class.getName(), how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        int port = Integer.parseInt(out.readLine());
        return new Sink(process, port, how.equals(TLS) ? Tls.decode(out.readLine()) : null);
    }

    String url() {
        return (certificate == null ? "http" : "https") + "://" + ADDRESS + ":" + port + "/";
    }

    /** What a client has to trust; only with TLS. */
    X509Certificate certificate() {
        return Objects.requireNonNull(certificate, "the sink was started without TLS");
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * Serves until it is killed.
     *
     * @param args {@code tls} or {@code plain}
     * @throws IOException if no port can be had
     */
    public static void main(String[] args) throws IOException {
        HeldCertificate held = args[0].equals(TLS) ? Tls.newCertificate(ADDRESS) : null;
        try (ServerSocket server =
                Tls.serverSockets(held).createServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            if (held != null) {
                System.out.println(Tls.encode(held.certificate()));
            }
            while (true) {
                Socket peer = server.accept();
                peer.setTcpNoDelay(true);
                Thread thread = new Thread(() -> serve(peer));
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(Socket peer) {
        try (peer;
                BufferedSource in = Okio.buffer(Okio.source(peer.getInputStream()))) {
            OutputStream out = peer.getOutputStream();
            while (!in.exhausted()) {
                Head head = Head.read(in);
                byte[] answer = answer(head, in);
                if (head.delayed) {
                    LockSupport.parkNanos(DELAY.toNanos());
                }
                out.write(("HTTP/1.1 200 OK\r\nDate: " + DATE.format(Instant.now())
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + answer.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static byte[] answer(Head head, BufferedSource in) throws IOException {
        byte[] body = in.readByteArray(head.length);
        if (head.gzip) {
            body = new GZIPInputStream(new java.io.ByteArrayInputStream(body), 1 << 16).readAllBytes();
        }
        return body.length == 0 ? ENTRY.getBytes(StandardCharsets.US_ASCII) : results(body);
    }

    private static byte[] results(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
        out.writeBytes("{\"requestId\":\"r\",\"results\":[".getBytes(StandardCharsets.US_ASCII));
        boolean first = true;
        for (int at = find(body, 0); at >= 0; at = find(body, at)) {
            int end = at;
            while (body[end] != '"') {
                end++;
            }
            out.writeBytes((first ? "{\"key\":\"" : ",{\"key\":\"").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, end - at);
            out.writeBytes(
                    "\",\"version\":1663207200000000,\"result\":\"CREATED\"}".getBytes(StandardCharsets.US_ASCII));
            first = false;
        }
        out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The place after the next {@code "key":"}. */
    private static int find(byte[] body, int from) {
        for (int i = from; i + KEY.length < body.length; i++) {
            if (body[i] == KEY[0] && java.util.Arrays.equals(body, i, i + KEY.length, KEY, 0, KEY.length)) {
                return i + KEY.length;
            }
        }
        return -1;
    }

    /** What matters of the head of a request. Reading it takes as little time as it can: a call waits for it. */
    private static final class Head {
        private boolean delayed;
        private boolean gzip;
        private int length;

        private static Head read(BufferedSource in) throws IOException {
            Head head = new Head();
            head.delayed = in.readUtf8LineStrict().contains(" /d30");
            for (String line = in.readUtf8LineStrict(); !line.isEmpty(); line = in.readUtf8LineStrict()) {
                if (isNamed(line, LENGTH)) {
                    head.length =
                            Integer.parseInt(line.substring(LENGTH.length()).strip());
                } else if (isNamed(line, ENCODING)) {
                    head.gzip = line.contains("gzip");
                }
            }
            return head;
        }

        private static boolean isNamed(String line, String name) {
            return line.regionMatches(true, 0, name, 0, name.length());
        }
    }
}
