package cn.fuzhi.sdk.mock;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes a mock platform; {@link #start()} starts it. Not for several threads. */
public final class MockOptions {
    private String host = "localhost";
    private int port;
    private boolean https;
    private boolean allowUnsigned;
    private @Nullable String authority;
    private String keyId = "mock-key";
    private byte[] secret = "mock-secret-of-32-bytes-for-tests".getBytes(StandardCharsets.UTF_8);
    private String algorithm = "hmac-sha256";
    private String platformCode = "LUEYANG01";
    private List<String> bodyCodes = List.of("610700");
    private Set<String> scopes = Set.of("*");
    private Limits limits = Limits.USUAL;

    MockOptions() {}

    /**
     * Sets the port.
     *
     * @param number a port; 0, the default, takes a free one
     * @return this
     */
    public MockOptions port(int number) {
        port = number;
        return this;
    }

    /**
     * Listens with HTTPS instead of HTTP.
     *
     * @return this
     */
    public MockOptions https() {
        https = true;
        return this;
    }

    /**
     * Accepts unsigned requests from the loopback address in the name of the key, for curl and first steps. Signatures that are
     * there are verified all the same.
     *
     * @return this
     */
    public MockOptions allowUnsigned() {
        allowUnsigned = true;
        return this;
    }

    /**
     * Sets the public name that clients sign as {@code @authority}, whatever the Host header says.
     *
     * @param name host, with its port unless it is the usual one
     * @return this
     */
    public MockOptions authority(String name) {
        authority = name;
        return this;
    }

    /**
     * Sets the key of the client.
     *
     * @param id key id
     * @param secretBytes its secret
     * @return this
     */
    public MockOptions key(String id, byte[] secretBytes) {
        keyId = id;
        secret = secretBytes.clone();
        return this;
    }

    /** Sets the key id alone. */
    MockOptions keyId(String id) {
        keyId = id;
        return this;
    }

    /** Sets the secret alone. */
    MockOptions secret(byte[] bytes) {
        secret = bytes.clone();
        return this;
    }

    /**
     * Binds the key to HMAC-SM3 instead of HMAC-SHA256; needs a security provider with {@code HmacSM3}.
     *
     * @return this
     */
    public MockOptions hmacSm3() {
        algorithm = "hmac-sm3";
        return this;
    }

    /**
     * Sets the platform of the key.
     *
     * @param code platform code
     * @return this
     */
    public MockOptions platform(String code) {
        platformCode = code;
        return this;
    }

    /**
     * Sets for whom the key reports; its jurisdiction follows from the list of divisions.
     *
     * @param codes reporting bodies, counties or zones
     * @return this
     */
    public MockOptions bodies(String... codes) {
        bodyCodes = List.of(codes);
        return this;
    }

    /**
     * Sets the permissions of the key; without this it has all.
     *
     * @param names permissions such as {@code school:write}
     * @return this
     */
    public MockOptions scopes(String... names) {
        scopes = Set.of(names);
        return this;
    }

    /**
     * Sets the limits that the platform announces and keeps.
     *
     * @param batchItems most items of a batch, usually 500
     * @param batchBytes most bytes of a batch before compression, usually 1 MiB
     * @param requestsPerSecond requests per second and key id, usually 1,000 here
     * @return this
     */
    public MockOptions limits(int batchItems, int batchBytes, int requestsPerSecond) {
        limits = new Limits(batchItems, batchBytes, requestsPerSecond);
        return this;
    }

    /**
     * Starts the platform.
     *
     * @return the platform, ready for requests
     * @throws IllegalArgumentException if a body, the platform code or the secret cannot be one
     * @throws IllegalStateException if no security provider has the algorithm of the key
     */
    public MockPlatform start() {
        check();
        return new MockPlatform(this);
    }

    /** What would otherwise come out with the first request. */
    void check() {
        Divisions divisions = new Divisions();
        for (String code : bodyCodes) {
            if (divisions.find(code) == null && divisions.body(code) == null) {
                throw new IllegalArgumentException("没有报送单位或区划 / no body or division " + code);
            }
        }
        if (!platformCode.matches("[A-Z0-9]{4,16}")) {
            throw new IllegalArgumentException("平台代码无效 / not a platform code: " + platformCode);
        }
        if (secret.length == 0) {
            throw new IllegalArgumentException("密钥为空 / the secret is empty");
        }
        SignatureCheck.requireAlgorithm(algorithm);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    boolean usesHttps() {
        return https;
    }

    boolean unsignedAllowed() {
        return allowUnsigned;
    }

    @Nullable
    String authority() {
        return authority;
    }

    String keyId() {
        return keyId;
    }

    Limits limits() {
        return limits;
    }

    Clock machine() {
        return Clock.systemUTC();
    }

    Caller caller(Divisions divisions) {
        Set<String> codes = new LinkedHashSet<>();
        bodyCodes.forEach(code -> codes.addAll(divisions.resolve(code)));
        Set<String> bodies = new LinkedHashSet<>(codes);
        return new Caller(keyId, algorithm, List.of(secret), platformCode, bodies, codes, scopes, true);
    }
}
