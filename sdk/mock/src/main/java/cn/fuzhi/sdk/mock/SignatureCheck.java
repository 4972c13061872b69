package cn.fuzhi.sdk.mock;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies HTTP Message Signatures (RFC 9421, profile of the contract), and explains a signature that does not verify.
 *
 * <p>Written from the specification, without a line of the client's signer. Nonces are remembered as long as their signature
 * could be accepted. Thread-safe.
 */
final class SignatureCheck {
    static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int NONCES = 1_000_000;
    private static final Pattern SIGNATURE = Pattern.compile("(?:^|,)\\s*fuzhi=:([A-Za-z0-9+/=]*):");
    private static final Pattern DIGEST = Pattern.compile("(?:^|,)\\s*(sha-256|sha-512)=:([A-Za-z0-9+/=]*):");
    private static final Map<String, String> ALGORITHMS = Map.of("hmac-sha256", "HmacSHA256", "hmac-sm3", "HmacSM3");

    private final MockClock clock;
    private final @Nullable String authority;
    private final Map<String, Instant> nonces = new LinkedHashMap<>();

    SignatureCheck(MockClock clock, @Nullable String authority) {
        this.clock = clock;
        this.authority = authority;
    }

    /** Names the key id of a request, without verifying anything; null when the request is not signed. */
    static @Nullable String keyId(Call call) {
        String input = call.header("Signature-Input");
        SignatureInput parsed = input == null ? null : SignatureInput.of(input);
        return parsed == null ? null : parsed.parameters().get("keyid");
    }

    /** Verifies a request against the key that it names. */
    void verify(Call call, Caller caller) {
        SignatureInput input =
                Objects.requireNonNull(SignatureInput.of(Objects.requireNonNull(call.header("Signature-Input"))));
        requireProfile(call, input);
        requireDigest(call);
        requireMac(call, input, caller);
        requireTime(input);
        requireNewNonce(caller, input);
    }

    private static void requireProfile(Call call, SignatureInput input) {
        List<String> missing = new ArrayList<>(List.of("@method", "@authority", "@path", "@query"));
        if (call.wire().length() > 0) {
            missing.addAll(List.of("content-digest", "content-type"));
        }
        if (call.header("Idempotency-Key") != null) {
            missing.add("idempotency-key");
        }
        missing.removeAll(input.components());
        if (!missing.isEmpty()) {
            throw invalid("缺少签名组件 " + missing, "These components are not covered: " + missing + ".");
        }
        if (!"fuzhi-v1".equals(input.parameters().get("tag"))) {
            throw invalid("tag 应为 fuzhi-v1", "The parameter tag must be \"fuzhi-v1\".");
        }
        if (input.parameters().containsKey("alg")) {
            throw invalid("不应有 alg 参数", "There is no parameter alg: the algorithm is bound to the key id.");
        }
        for (String name : List.of("created", "expires")) {
            if (input.number(name) == null) {
                throw invalid("缺少参数 " + name, "The parameter " + name + " is missing.");
            }
        }
        String nonce = input.parameters().get("nonce");
        if (nonce == null || nonce.length() < 16) {
            throw invalid("nonce 不足 128 位", "The parameter nonce is missing or has less than 128 bits.");
        }
    }

    /** The digest is taken over the bytes as sent: a gateway that re-compresses the body is found out here. */
    private static void requireDigest(Call call) {
        if (call.wire().length() == 0) {
            return;
        }
        String field = call.header("Content-Digest");
        Matcher digest = DIGEST.matcher(field == null ? "" : field);
        if (!digest.find()) {
            throw invalid("缺少 Content-Digest", "Content-Digest with sha-256 or sha-512 is missing.");
        }
        boolean longer = digest.group(1).equals("sha-512");
        String actual = longer ? call.wire().sha512() : call.wire().sha256();
        if (!actual.equals(digest.group(2))) {
            throw invalid(
                    "content-digest 与收到的内容不符",
                    "content-digest differs: stated " + digest.group(2) + ", but the "
                            + call.wire().length()
                            + " bytes as received have " + actual
                            + ". It is taken over the bytes as sent, after compression.");
        }
    }

    private void requireMac(Call call, SignatureInput input, Caller caller) {
        String field = call.header("Signature");
        Matcher found = SIGNATURE.matcher(field == null ? "" : field);
        if (!found.find()) {
            throw invalid("缺少 Signature", "The field Signature has no member fuzhi.");
        }
        byte[] signature = decode(found.group(1));
        Map<String, String> values = values(call);
        if (!matches(caller, input.base(values), signature)) {
            throw explained(call, input, caller, signature, values);
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw invalid("Signature 不是 base64", "The signature is not base64.");
        }
    }

    private Map<String, String> values(Call call) {
        Map<String, String> values = new HashMap<>(call.headers());
        values.put("@method", call.method());
        values.put("@authority", authority != null ? authority : authorityOf(call));
        values.put("@path", call.rawPath());
        values.put("@query", "?" + (call.rawQuery() == null ? "" : call.rawQuery()));
        return values;
    }

    /** Host in lower case, without the usual port of the scheme (RFC 9421 §2.2.3). */
    private static String authorityOf(Call call) {
        String host = Objects.requireNonNullElse(call.header("Host"), "").toLowerCase(java.util.Locale.ROOT);
        String usual = call.scheme().equals("https") ? ":443" : ":80";
        return host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    }

    private static boolean matches(Caller caller, String base, byte[] signature) {
        return caller.secrets().stream()
                .anyMatch(secret -> MessageDigest.isEqual(signature, mac(caller.algorithm(), secret, base)));
    }

    /** Fails when no installed security provider has an algorithm. */
    static void requireAlgorithm(String algorithm) {
        try {
            Mac.getInstance(Objects.requireNonNull(ALGORITHMS.get(algorithm), algorithm));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "没有提供 " + algorithm + " 的安全模块 / no security provider has " + algorithm
                            + "; add one, for example Bouncy Castle",
                    e);
        }
    }

    private static byte[] mac(String algorithm, byte[] secret, String base) {
        try {
            String name = Objects.requireNonNull(ALGORITHMS.get(algorithm), algorithm);
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(base.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no security provider on the class path has " + algorithm, e);
        }
    }

    /** Looks for the one component that, had it another value, would make the signature right. */
    private static Problem explained(
            Call call, SignatureInput input, Caller caller, byte[] signature, Map<String, String> values) {
        String received = input.base(values);
        for (Map.Entry<String, String> guess : SignatureGuesses.of(call, values)) {
            Map<String, String> other = new HashMap<>(values);
            other.put(guess.getKey(), guess.getValue());
            String signed = input.base(other);
            if (matches(caller, signed, signature)) {
                String component = guess.getKey();
                return invalid(
                        "组件 " + component + " 与签名时不同",
                        component + " differs: signed as '" + brief(guess.getValue()) + "', received as '"
                                + brief(values.getOrDefault(component, "")) + "'.\nBase that was signed:\n" + signed
                                + "\nBase as received:\n" + received);
            }
        }
        return invalid(
                "密钥不符，或多个组件与签名时不同",
                "No single component explains it: the secret is another one, or the signature base was built differently."
                        + "\nBase as received:\n" + received);
    }

    /** Long values stand in the bases; here they would push the rest out of the answer. */
    private static String brief(String value) {
        return value.length() > 120 ? value.substring(0, 119) + "…" : value;
    }

    private void requireTime(SignatureInput input) {
        Instant now = clock.instant();
        Instant created = Instant.ofEpochSecond(Objects.requireNonNull(input.number("created")));
        Instant expires = Instant.ofEpochSecond(Objects.requireNonNull(input.number("expires")));
        boolean far = Duration.between(created, now).abs().compareTo(WINDOW) > 0;
        if (far || expires.isBefore(now)) {
            Duration ahead = Duration.between(now, created);
            throw Problem.of(
                    "CLOCK_SKEW",
                    "",
                    "created is " + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                            + " the platform.");
        }
        if (Duration.between(created, expires).compareTo(WINDOW) > 0) {
            throw invalid("expires 超过 created + 300 秒", "expires is more than 300 s after created.");
        }
    }

    private synchronized void requireNewNonce(Caller caller, SignatureInput input) {
        Instant now = clock.instant();
        var oldest = nonces.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Instant> entry = oldest.next();
            if (nonces.size() < NONCES && entry.getValue().isAfter(now.minus(WINDOW))) {
                break;
            }
            oldest.remove();
        }
        String nonce = caller.keyId() + " " + input.parameters().get("nonce");
        if (nonces.putIfAbsent(nonce, Instant.ofEpochSecond(Objects.requireNonNull(input.number("expires")))) != null) {
            throw Problem.of("NONCE_REUSED");
        }
    }

    private static Problem invalid(String zh, String en) {
        return Problem.of("SIGNATURE_INVALID", zh + "。", en);
    }
}
