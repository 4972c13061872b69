package cn.fuzhi.sdk;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies the profile {@code fuzhi-v1} as a platform would, from RFC 9421 alone: it shares no code with the signer. */
final class SignatureVerifier {
    private static final Pattern INPUT = Pattern.compile("fuzhi=(\\(([^)]*)\\);(.*))");

    private final String authority;
    private final String keyId;
    private final byte[] secret;
    private final String algorithm;
    private final Set<String> nonces = new HashSet<>();

    SignatureVerifier(String authority, String keyId, byte[] secret, String algorithm) {
        this.authority = authority;
        this.keyId = keyId;
        this.secret = secret.clone();
        this.algorithm = algorithm;
    }

    /** Returns VALID, or the name of what is wrong. */
    synchronized String verify(
            String method, String path, String query, Function<String, String> header, byte[] body, Instant now) {
        Matcher input = INPUT.matcher(String.valueOf(header.apply("signature-input")));
        if (!input.matches()) {
            return "MALFORMED";
        }
        String parameters = input.group(3);
        boolean known = parameter(parameters, "keyid").equals(keyId)
                && parameter(parameters, "tag").equals("fuzhi-v1")
                && !parameters.contains("alg=");
        if (!known || !covered(input.group(2), body.length > 0, header.apply("idempotency-key") != null)) {
            return "PROFILE";
        }
        if (body.length > 0 && !digest(body).equals(header.apply("content-digest"))) {
            return "DIGEST";
        }
        if (!signature(base(input, method, path, query, header), header.apply("signature"))) {
            return "SIGNATURE";
        }
        long created = Long.parseLong(parameter(parameters, "created"));
        long expires = Long.parseLong(parameter(parameters, "expires"));
        if (expires != created + 300 || now.getEpochSecond() > expires || now.getEpochSecond() < created - 300) {
            return "EXPIRED";
        }
        return nonces.add(parameter(parameters, "nonce")) ? "VALID" : "NONCE";
    }

    private static boolean covered(String names, boolean body, boolean key) {
        StringBuilder expected = new StringBuilder("\"@method\" \"@authority\" \"@path\" \"@query\"");
        if (body) {
            expected.append(" \"content-digest\" \"content-type\"");
        }
        if (key) {
            expected.append(" \"idempotency-key\"");
        }
        return names.contentEquals(expected);
    }

    private String base(Matcher input, String method, String path, String query, Function<String, String> header) {
        StringBuilder base = new StringBuilder();
        for (String quoted : List.of(input.group(2).split(" ", -1))) {
            String name = quoted.replace("\"", "");
            String value = switch (name) {
                case "@method" -> method;
                case "@authority" -> authority;
                case "@path" -> path;
                case "@query" -> "?" + (query == null ? "" : query);
                default -> header.apply(name);
            };
            base.append(quoted).append(": ").append(value).append("\n");
        }
        return base.append("\"@signature-params\": ").append(input.group(1)).toString();
    }

    private boolean signature(String base, String header) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            byte[] expected = mac.doFinal(base.getBytes(StandardCharsets.UTF_8));
            Matcher given = Pattern.compile("fuzhi=:([^:]*):").matcher(String.valueOf(header));
            return given.matches()
                    && Arrays.equals(expected, Base64.getDecoder().decode(given.group(1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String parameter(String parameters, String name) {
        Matcher found = Pattern.compile("(?:^|;)" + name + "=\"?([^\";]*)\"?").matcher(parameters);
        return found.find() ? found.group(1) : "";
    }
}
