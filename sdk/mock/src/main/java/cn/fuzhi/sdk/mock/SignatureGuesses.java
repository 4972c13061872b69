package cn.fuzhi.sdk.mock;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a signer is known to get wrong, or a gateway to rewrite, component by component. */
final class SignatureGuesses {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "get", "post", "put");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json; charset=utf-8",
            "application/json;charset=utf-8",
            "application/json; charset=UTF-8",
            "application/json;charset=UTF-8",
            "");

    private SignatureGuesses() {}

    /** Other values that a component may have had when it was signed. */
    static List<Map.Entry<String, String>> of(Call call, Map<String, String> received) {
        List<Map.Entry<String, String>> guesses = new ArrayList<>();
        METHODS.forEach(method -> guesses.add(guess("@method", method)));
        authorities(call).forEach(authority -> guesses.add(guess("@authority", authority)));
        paths(call).forEach(path -> guesses.add(guess("@path", path)));
        queries(call).forEach(query -> guesses.add(guess("@query", query)));
        TYPES.forEach(type -> guesses.add(guess("content-type", type)));
        digests(call).forEach(digest -> guesses.add(guess("content-digest", digest)));
        String key = received.getOrDefault("idempotency-key", "");
        guesses.add(guess("idempotency-key", key.toLowerCase(Locale.ROOT)));
        guesses.add(guess("idempotency-key", key.toUpperCase(Locale.ROOT)));
        guesses.add(guess("idempotency-key", ""));
        return guesses;
    }

    private static Map.Entry<String, String> guess(String component, String value) {
        return new SimpleImmutableEntry<>(component, value);
    }

    private static List<String> authorities(Call call) {
        String host = Objects.requireNonNullElse(call.header("Host"), "");
        String name = host.replaceFirst(":\\d+$", "");
        List<String> guesses = new ArrayList<>(
                List.of(host, name, name + ":443", name + ":80", "localhost", "127.0.0.1", "platform.example.invalid"));
        String port = host.substring(name.length());
        guesses.addAll(List.of("localhost" + port, "127.0.0.1" + port));
        String forwarded = call.header("X-Forwarded-Host");
        if (forwarded != null) {
            guesses.add(forwarded);
        }
        return guesses;
    }

    private static List<String> paths(Call call) {
        String path = call.rawPath();
        String version = path.replaceFirst("^/v1", "");
        return List.of(
                decoded(path),
                version,
                path + "/",
                path.replaceFirst("/$", ""),
                "/api" + path,
                path.replace("~", "%7E"),
                path.replace("%7E", "~"));
    }

    private static List<String> queries(Call call) {
        String query = Objects.requireNonNullElse(call.rawQuery(), "");
        return List.of(query, "", "?", decoded("?" + query));
    }

    /** A text without its percent escapes, or as it is when they are broken. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Of the body before compression, of the empty body, or in hex. */
    private static List<String> digests(Call call) {
        byte[] plain = Digests.sha256().digest(call.body());
        byte[] empty = Digests.sha256().digest(new byte[0]);
        Base64.Encoder base64 = Base64.getEncoder();
        return List.of(
                "sha-256=:" + base64.encodeToString(plain) + ":",
                "sha-256=:" + base64.encodeToString(empty) + ":",
                "sha-256=" + base64.encodeToString(plain),
                "");
    }
}
