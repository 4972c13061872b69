package cn.fuzhi.sdk.mock;

import java.io.IOException;
import wiremock.jakarta.servlet.ServletOutputStream;
import wiremock.jakarta.servlet.WriteListener;
import wiremock.jakarta.servlet.http.HttpServletRequest;
import wiremock.jakarta.servlet.http.HttpServletResponse;
import wiremock.jakarta.servlet.http.HttpServletResponseWrapper;
import wiremock.org.eclipse.jetty.server.Request;

/** An answer whose connection breaks in the middle or behind its last byte, when a fault asks for it. */
final class WireCut extends HttpServletResponseWrapper {
    private final HttpServletRequest request;
    private final WireFilter.Exchange exchange;

    WireCut(HttpServletResponse response, HttpServletRequest request, WireFilter.Exchange exchange) {
        super(response);
        this.request = request;
        this.exchange = exchange;
    }

    /** Jetty sets a Date of its own; the platform's clock wins. */
    @Override
    public void addHeader(String name, String value) {
        if (name.equalsIgnoreCase("Date")) {
            setHeader(name, value);
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        exchange.leave();
        ServletOutputStream out = super.getOutputStream();
        return exchange.cut() == Reply.Cut.WITHIN_ANSWER ? new HalfStream(out) : out;
    }

    /** Breaks the connection behind a complete answer: the next request on it finds it dead. */
    void finish() throws IOException {
        if (exchange.cut() == Reply.Cut.AFTER_ANSWER) {
            flushBuffer();
            Request.getBaseRequest(request).getHttpChannel().getEndPoint().close();
        }
    }

    private void abort() {
        Request.getBaseRequest(request).getHttpChannel().abort(new IOException("a fault cuts this answer"));
    }

    /** Lets half of what is written pass, and breaks the connection. */
    private final class HalfStream extends ServletOutputStream {
        private final ServletOutputStream out;

        HalfStream(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length / 2);
            out.flush();
            abort();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
