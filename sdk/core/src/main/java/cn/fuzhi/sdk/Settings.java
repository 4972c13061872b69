package cn.fuzhi.sdk;

import cn.fuzhi.sdk.rules.RuleContext;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a client.
 *
 * @param baseUrl address of the platform, ends with a slash
 * @param authority public name of the platform as it is signed
 * @param credentials how requests are signed
 * @param limits numbers of the pipeline
 * @param ratePerSecond requests per second and key id, 0 for no limit
 * @param inFlight batches of one push that may be on the way at a time
 * @param route trust, identity and proxy
 * @param rules what the rules across records may rely on
 * @param listener listener, or null
 * @param ports clocks and randomness
 */
record Settings(
        HttpUrl baseUrl,
        String authority,
        Credentials credentials,
        Pipeline.Limits limits,
        double ratePerSecond,
        int inFlight,
        HttpStack.Route route,
        RuleContext rules,
        @Nullable Consumer<? super ClientEvent> listener,
        Ports ports) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final double HIGHEST_RATE = 1000;
    private static final int MOST_IN_FLIGHT = 8;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    Settings with(Credentials other) {
        return new Settings(baseUrl, authority, other, limits, ratePerSecond, inFlight, route, rules, listener, ports);
    }

    /**
     * Checks what a builder has collected.
     *
     * @throws IllegalArgumentException that names everything that is wrong
     */
    static Settings of(FuzhiClient.Builder b) {
        List<String> errors = new ArrayList<>();
        HttpUrl url = baseUrl(b.baseUrl, errors);
        checkAuthority(b.authority, errors);
        checkCredentials(b.credentials, errors);
        checkNumbers(b, errors);
        HttpStack.Route route = route(b, errors);
        refuse(errors);
        if (url == null || b.credentials == null) {
            throw new IllegalStateException("checked above");
        }
        return new Settings(
                url,
                MessageSignature.authority(b.authority == null ? url : HttpUrl.get(url.scheme() + "://" + b.authority)),
                b.credentials,
                new Pipeline.Limits(b.callTimeout, b.deadline, b.retry, b.gzip),
                b.ratePerSecond,
                b.inFlight,
                route,
                b.rules,
                b.listener,
                b.ports);
    }

    private static void checkNumbers(FuzhiClient.Builder b, List<String> errors) {
        checkTime("callTimeout", b.callTimeout, errors);
        checkTime("deadline", b.deadline, errors);
        b.retry.check(errors);
        if (!(b.ratePerSecond >= 0 && b.ratePerSecond <= HIGHEST_RATE)) {
            errors.add("rateLimit 应为 0–1000 / must be 0 to 1000: " + b.ratePerSecond);
        }
        if (b.inFlight < 1 || b.inFlight > MOST_IN_FLIGHT) {
            errors.add("batchesInFlight 应为 1–8 / must be 1 to 8: " + b.inFlight);
        }
    }

    /** Opens the key of the client; its password is wiped, whatever comes of it. */
    private static HttpStack.Route route(FuzhiClient.Builder b, List<String> errors) {
        char[] password = b.password;
        try {
            if (b.trust != null && b.trust.size() == 0) {
                errors.add("信任库中没有证书 / the trust store has no certificate");
            }
            KeyManagerFactory keys =
                    b.identity == null || password == null ? null : HttpStack.identity(b.identity, password);
            return new HttpStack.Route(b.trust, keys, b.proxy);
        } catch (GeneralSecurityException e) {
            errors.add("客户端证书或信任库不可用 / the client certificate or the trust store cannot be used: "
                    + e.getClass().getSimpleName()
                    + (e instanceof KeyStoreException ? " " + e.getMessage() : ""));
            return new HttpStack.Route(b.trust, null, b.proxy);
        } finally {
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    /** Finds everything that is wrong with an address; the address that can be used, or null. */
    static @Nullable HttpUrl baseUrl(@Nullable String text, List<String> errors) {
        if (text == null || text.isBlank()) {
            errors.add("缺少 baseUrl / baseUrl is missing");
            return null;
        }
        HttpUrl url = HttpUrl.parse(text.endsWith("/") ? text : text + "/");
        if (url == null) {
            errors.add("baseUrl 不是 http(s) 地址 / baseUrl is not an http(s) address");
            return null;
        }
        if (!url.isHttps() && !LOOPBACK.contains(url.host())) {
            errors.add("除本机外必须使用 https / https is required except for the loopback address: " + url.host());
        }
        if (url.query() != null
                || url.fragment() != null
                || !url.username().isEmpty()
                || !url.password().isEmpty()) {
            errors.add("baseUrl 不能带参数或用户信息 / baseUrl must not have a query, a fragment or user information");
        }
        return url;
    }

    static void checkAuthority(@Nullable String authority, List<String> errors) {
        if (authority == null) {
            return;
        }
        URI uri = uri("https://" + authority);
        if (uri == null
                || uri.getHost() == null
                || HttpUrl.parse("https://" + authority) == null
                || !authority.equals(uri.getAuthority())
                || uri.getUserInfo() != null) {
            errors.add("authority 应为主机名[:端口] / authority must be host[:port]");
        }
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static void checkCredentials(@Nullable Credentials credentials, List<String> errors) {
        if (credentials == null) {
            errors.add("缺少 credentials / credentials are missing");
            return;
        }
        if (!credentials.keyId().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")) {
            errors.add("keyId 格式不正确 / the key id is malformed");
        }
        if (!Signer.isSupported(credentials)) {
            errors.add("没有提供 HmacSM3 的 JCA 提供程序，请安装（例如 BouncyCastle） / no installed JCA provider has the algorithm of "
                    + credentials);
        }
    }

    static void checkTime(String name, Duration time, List<String> errors) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            errors.add(name + " 应为 1 毫秒–24 小时 / must be 1 ms to 24 hours: " + time);
        }
    }

    /** One error with everything that is wrong. */
    static void refuse(List<String> errors) {
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("客户端配置不正确 / the client is not configured correctly:\n  "
                    + String.join("\n  ", new ArrayList<>(errors)));
        }
    }

    /** The line that is logged at the start; without secrets. */
    @Override
    public String toString() {
        return baseUrl + " authority=" + authority + " " + credentials + " callTimeout=" + limits.callTimeout()
                + " deadline=" + limits.deadline() + " attempts="
                + limits.retry().maxAttempts() + " rate="
                + (ratePerSecond == 0 ? "off" : ratePerSecond + "/s") + " inFlight=" + inFlight + " gzip="
                + limits.gzip() + " " + route;
    }
}
