package cn.fuzhi.sdk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** OkHttp as this client needs it: no repeats, no redirects, no cookies, no cache, short timeouts, no delayed segments. */
final class HttpStack {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ_WRITE = Duration.ofSeconds(10);
    private static final Duration PING = Duration.ofSeconds(15);
    private static final int IDLE_CONNECTIONS = 12;
    private static final int KEEP_ALIVE_MINUTES = 5;

    private HttpStack() {}

    /**
     * Whom to trust, who we are, and through what to go.
     *
     * @param trust certificates that are trusted, null for those of the Java platform
     * @param identity key and certificate of this client, or null
     * @param proxy proxy, null for that of the Java platform
     */
    record Route(
            @Nullable KeyStore trust,
            @Nullable KeyManagerFactory identity,
            @Nullable Proxy proxy) {
        @Override
        public String toString() {
            return "Route[trust=" + (trust == null ? "platform" : "custom") + ", identity=" + (identity != null) + "]";
        }
    }

    static OkHttpClient client(Route route, ConnectionPool pool, Dns dns) throws GeneralSecurityException {
        OkHttpClient.Builder http = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher())
                .connectionPool(pool)
                .dns(dns)
                .connectTimeout(CONNECT)
                .readTimeout(READ_WRITE)
                .writeTimeout(READ_WRITE)
                .pingInterval(PING)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .cookieJar(CookieJar.NO_COOKIES)
                .cache(null)
                .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT))
                .socketFactory(new NoDelay())
                .eventListenerFactory(Wire.Sent::of)
                .addNetworkInterceptor(HttpStack::hideRetryAfter);
        if (route.proxy() != null) {
            http.proxy(route.proxy());
        }
        if (route.trust() != null || route.identity() != null) {
            secure(http, route);
        }
        return http.build();
    }

    static ConnectionPool pool() {
        return new ConnectionPool(IDLE_CONNECTIONS, KEEP_ALIVE_MINUTES, TimeUnit.MINUTES);
    }

    private static void secure(OkHttpClient.Builder http, Route route) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(route.trust());
        X509TrustManager manager = Arrays.stream(trust.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no X.509 trust manager"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                route.identity() == null ? null : route.identity().getKeyManagers(),
                new TrustManager[] {manager},
                null);
        http.sslSocketFactory(context.getSocketFactory(), manager);
    }

    /** Opens the key of this client; a store with nothing but certificates would be taken, and show none. */
    static KeyManagerFactory identity(KeyStore store, char[] password) throws GeneralSecurityException {
        boolean key = false;
        for (String alias : Collections.list(store.aliases())) {
            key |= store.isKeyEntry(alias);
        }
        if (!key) {
            throw new KeyStoreException("没有私钥 / no private key");
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return keys;
    }

    /** OkHttp sends a GET again by itself when a 503 says {@code Retry-After: 0}; it cannot when it does not see the header. */
    private static Response hideRetryAfter(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        List<String> values = response.headers("Retry-After");
        if (values.isEmpty() && response.header(Wire.RETRY_AFTER) == null) {
            return response;
        }
        Response.Builder hidden =
                response.newBuilder().removeHeader("Retry-After").removeHeader(Wire.RETRY_AFTER);
        values.forEach(value -> hidden.addHeader(Wire.RETRY_AFTER, value));
        return hidden.build();
    }

    /** With Nagle's algorithm the last small segment of a request waits for a delayed acknowledgement, some 40 ms. */
    private static final class NoDelay extends SocketFactory {
        private final SocketFactory plain = SocketFactory.getDefault();

        @Override
        public Socket createSocket() throws IOException {
            Socket socket = plain.createSocket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return noDelay(plain.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return noDelay(plain.createSocket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return noDelay(plain.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return noDelay(plain.createSocket(host, port, local, localPort));
        }

        private static Socket noDelay(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return socket;
        }
    }
}
