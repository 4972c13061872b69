package cn.fuzhi.sdk.spring;

import cn.fuzhi.sdk.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the client and the outbox, {@code fuzhi.*}.
 *
 * <p>What has no property is set by a bean of type {@link FuzhiClientCustomizer} or {@link OutboxCustomizer}. The text form has no
 * secret.
 *
 * @param baseUrl Address of the provincial platform, such as https://platform.example.invalid. Required.
 * @param authority Public name of the platform as it is signed, where a gateway is addressed by another name.
 * @param keyId Key id that the province gave. Required unless there is a bean of type Credentials.
 * @param secretFile File with the secret; read again when the platform refuses the secret, so it can be replaced without a restart.
 * @param secret The secret itself, used as UTF-8; better give secret-file.
 * @param algorithm Algorithm to which the key id is bound.
 * @param callTimeout Longest time of one attempt of a call.
 * @param rateLimit Requests per second of this key id; 0 for no limit.
 * @param outbox The durable outbox.
 */
@ConfigurationProperties("fuzhi")
public record FuzhiProperties(
        @Nullable String baseUrl,
        @Nullable String authority,
        @Nullable String keyId,
        @Nullable Path secretFile,
        @Nullable String secret,
        @DefaultValue("hmac-sha256") Algorithm algorithm,
        @DefaultValue("30s") Duration callTimeout,
        @DefaultValue("20") double rateLimit,
        @DefaultValue Outbox outbox) {

    /** What a key id can be bound to. */
    public enum Algorithm {
        /** HMAC-SHA256. */
        HMAC_SHA256,
        /** HMAC-SM3 (GB/T 32905); a security provider that has it must be installed. */
        HMAC_SM3
    }

    /**
     * The settings of the outbox, {@code fuzhi.outbox.*}.
     *
     * @param enabled Whether there is an outbox at all.
     * @param file SQLite file that holds the outbox; without it the host's DataSource does, and enqueue joins its transactions.
     * @param name Separates the outboxes of several counties in one database.
     * @param tablePrefix What the names of the tables begin with.
     * @param createTables Whether missing tables are created; false when an administrator creates them.
     * @param deliver Whether this program delivers, or only enqueues for other nodes on the same database.
     * @param startJitter The first delivery after a start begins somewhere within this time, so that not all programs begin at once.
     */
    public record Outbox(
            @DefaultValue("true") boolean enabled,
            @Nullable Path file,
            @DefaultValue("default") String name,
            @DefaultValue("fuzhi_outbox_") String tablePrefix,
            @DefaultValue("true") boolean createTables,
            @DefaultValue("true") boolean deliver,
            @DefaultValue("60s") Duration startJitter) {}

    /** The address, or an error that names every property which is missing. */
    String requiredBaseUrl(boolean hasCredentials) {
        List<String> missing = new ArrayList<>();
        if (baseUrl == null) {
            missing.add("fuzhi.base-url");
        }
        if (keyId == null && !hasCredentials) {
            missing.add("fuzhi.key-id");
        }
        if (secret == null && secretFile == null && !hasCredentials) {
            missing.add("fuzhi.secret-file");
        }
        if (baseUrl == null || !missing.isEmpty()) {
            throw new IllegalStateException("缺少配置 / missing properties: " + String.join(", ", missing));
        }
        return baseUrl;
    }

    /** The credentials that the properties describe; the secret is read when it is needed. */
    Credentials credentials() {
        if (keyId == null) {
            throw new IllegalStateException("缺少配置 / missing property: fuzhi.key-id");
        }
        Secret source = new Secret(secretFile, secret);
        return switch (algorithm) {
            case HMAC_SHA256 -> Credentials.hmacSha256(keyId, source);
            case HMAC_SM3 -> Credentials.hmacSm3(keyId, source);
        };
    }

    @Override
    public String toString() {
        return "FuzhiProperties[baseUrl=" + baseUrl + ", authority=" + authority + ", keyId=" + keyId + ", secretFile="
                + secretFile + ", secret=" + (secret == null ? "null" : "***") + ", algorithm=" + algorithm
                + ", callTimeout=" + callTimeout + ", rateLimit=" + rateLimit + ", outbox=" + outbox + "]";
    }
}
