package cn.fuzhi.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server that does to its connections what a script says, and counts every request head that reaches it. When the script has
 * ended, its last step is repeated.
 */
final class RawServer implements AutoCloseable {
    /** What is done with one request. */
    @FunctionalInterface
    interface Step {
        void run(Connection connection) throws IOException;
    }

    /** One request as it arrived. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by content
    record Received(String head, byte[] body) {
        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }
    }

    private final ServerSocket socket;
    private final Deque<Step> script = new ArrayDeque<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Received> received = new CopyOnWriteArrayList<>();

    RawServer(Step... steps) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), steps);
    }

    RawServer(ServerSocket socket, Step... steps) {
        this.socket = socket;
        this.script.addAll(List.of(steps));
        Thread acceptor = new Thread(this::accept, "raw-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Heads that arrived whole, in order; bodies as far as the script read them. */
    List<Received> received() {
        return received;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                open.add(peer);
                Thread worker = new Thread(() -> serve(peer), "raw-server-connection");
                worker.setDaemon(true);
                worker.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            Connection connection = new Connection(peer);
            while (connection.readHead()) {
                next().run(connection);
            }
        } catch (IOException e) {
            // The other side, or the script, has ended the connection.
        } finally {
            open.remove(peer);
        }
    }

    private synchronized Step next() {
        return script.size() > 1 ? script.poll() : script.peek();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        for (Socket peer : open) {
            peer.close();
        }
    }

    /** One connection, at one request. */
    final class Connection {
        private final Socket peer;
        private final InputStream in;
        private final OutputStream out;
        private Received request = new Received("", new byte[0]);

        private Connection(Socket peer) throws IOException {
            this.peer = peer;
            this.in = peer.getInputStream();
            this.out = peer.getOutputStream();
        }

        private boolean readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int read = in.read();
                if (read < 0) {
                    return false;
                }
                head.write(read);
            }
            request = new Received(head.toString(StandardCharsets.ISO_8859_1), new byte[0]);
            received.add(request);
            return true;
        }

        /** Waits as a slow server does, or until it is closed. */
        void pause(Duration time) throws IOException {
            try {
                if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("the server was closed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        Socket peer() {
            return peer;
        }

        /** Reads a part of the body; all of it for a fraction of 1. */
        byte[] readBody(double fraction) throws IOException {
            String length = request.header("Content-Length");
            if (length == null) {
                return new byte[0];
            }
            byte[] body = in.readNBytes((int) (Integer.parseInt(length) * fraction));
            received.set(received.indexOf(request), new Received(request.head(), body));
            return body;
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Ends the connection with a reset instead of an orderly end. */
        void reset() throws IOException {
            peer.setSoLinger(true, 0);
            peer.close();
            throw new IOException("reset by the script");
        }

        void end() throws IOException {
            peer.close();
            throw new IOException("closed by the script");
        }
    }

    /** Answers a whole request. */
    static Step answer(int status, String headers, String body) {
        return connection -> {
            connection.readBody(1);
            connection.write(response(status, headers, body.getBytes(StandardCharsets.UTF_8).length) + body);
        };
    }

    static Step json(String body) {
        return answer(200, "Content-Type: application/json\r\n", body);
    }

    static String response(int status, String headers, long length) {
        return "HTTP/1.1 " + status + " Scripted\r\n" + headers + "Content-Length: " + length + "\r\n\r\n";
    }
}
