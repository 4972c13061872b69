package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Deadline;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Review;
import cn.fuzhi.sdk.model.ReviewState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A provincial platform for tests: it listens on a port of its own, keeps what is pushed, checks it as the contract says, and
 * lets a test play the province and break things.
 *
 * <pre>{@code
 * try (MockPlatform mock = MockPlatform.start()) {
 *     client = FuzhiClient.builder().baseUrl(mock.baseUrl())
 *             .credentials(Credentials.hmacSha256(mock.keyId(), mock::secret)).build();
 *     client.push(schools);
 *     assertThat(mock.held(School.class)).hasSize(2);
 * }
 * }</pre>
 *
 * <p>Every instance is independent of every other. All methods may be called from any thread.
 */
public final class MockPlatform implements AutoCloseable {
    private final MockOptions options;
    private final @Nullable Certificate certificate;
    private final Wire wire;
    private volatile State state;

    MockPlatform(MockOptions options) {
        this.options = options;
        this.state = new State(options);
        this.certificate = options.usesHttps() ? new Certificate() : null;
        WireMockConfiguration address = WireMockConfiguration.options().bindAddress(options.host());
        if (certificate == null) {
            address.port(options.port());
        }
        Path keyStore = certificate == null ? null : secure(address, certificate);
        Console console = new Console(this);
        this.wire = new Wire(
                address,
                options.limits().batchBytes(),
                call -> Console.owns(call) ? console.answer(call) : state.answer(call));
        try {
            wire.server().start();
        } finally {
            delete(keyStore);
        }
    }

    private Path secure(WireMockConfiguration address, Certificate own) {
        Path keyStore = own.keyStore();
        address.httpDisabled(true)
                .httpsPort(options.port())
                .keystorePath(keyStore.toString())
                .keystoreType("PKCS12")
                .keystorePassword(Certificate.PASSWORD)
                .keyManagerPassword(Certificate.PASSWORD);
        return keyStore;
    }

    /** The key store is needed only while the server starts. */
    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a platform on a free port of the loopback address, with one key id for the platform LUEYANG01 and the area of the
     * body 610700.
     *
     * @return the platform, ready for requests
     */
    public static MockPlatform start() {
        return builder().start();
    }

    /**
     * Begins to describe a platform.
     *
     * @return a builder with the same defaults as {@link #start()}
     */
    public static MockOptions builder() {
        return new MockOptions();
    }

    /**
     * Tells where the platform listens.
     *
     * @return for example {@code http://localhost:49152}, without a slash at the end
     */
    public String baseUrl() {
        String scheme = options.usesHttps() ? "https" : "http";
        int port =
                options.usesHttps() ? wire.server().httpsPort() : wire.server().port();
        return scheme + "://localhost:" + port;
    }

    /**
     * Gives the certificate that a client has to trust.
     *
     * @return the certificate made at start; empty without HTTPS
     */
    public Optional<X509Certificate> certificate() {
        return Optional.ofNullable(certificate).map(Certificate::x509);
    }

    /**
     * Names the key id for a client.
     *
     * @return the first key id
     */
    public String keyId() {
        return options.keyId();
    }

    /**
     * Gives the secret of {@link #keyId()} for a client.
     *
     * @return the bytes of the newest secret
     */
    public byte[] secret() {
        List<byte[]> secrets =
                Objects.requireNonNull(state.registry().find(keyId())).secrets();
        return secrets.get(secrets.size() - 1).clone();
    }

    /**
     * Lists the records of a type that the platform holds and counts.
     *
     * @param type record class, such as {@code School.class}
     * @param <T> the record
     * @return the records in the order of their last change
     */
    public <T extends PushRecord> List<T> held(Class<T> type) {
        return state.locked(() -> state.ledger()
                .list(state.kind(type))
                .map(stored -> typed(stored, type))
                .toList());
    }

    /**
     * Finds a record with its version, digest and review.
     *
     * @param kind kind
     * @param key natural key
     * @return the record; empty when it never came or was deleted
     */
    public Optional<HeldRecord> find(RecordKind kind, String key) {
        return state.locked(() -> Optional.ofNullable(state.ledger().any(state.kind(kind), key))
                .filter(stored -> !stored.deleted())
                .map(State::held));
    }

    private static <T> T typed(Stored stored, Class<T> type) {
        try {
            return Json.MAPPER.treeToValue(stored.record(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored record has passed its schema: " + stored.key(), e);
        }
    }

    /**
     * Lists the newest requests, at most 1,000.
     *
     * @return the requests in the order in which they were answered
     */
    public List<Arrival> arrived() {
        return state.journal().arrivals();
    }

    /**
     * Lists the newest items that were not applied, at most 1,000.
     *
     * @return the items with the reasons
     */
    public List<Refusal> refused() {
        return state.journal().refusals();
    }

    /**
     * Plays the province: decides about a record. The decision stands beside the record and is announced in the change feed; a
     * record that was HELD counts from then on when the decision accepts it.
     *
     * @param kind kind
     * @param key natural key
     * @param decision the decision
     * @param comment why, shown to the vendor; may be empty
     * @throws IllegalArgumentException if there is no such record
     */
    public void review(RecordKind kind, String key, ReviewState decision, String comment) {
        state.locked(() -> {
            Stored stored = state.ledger().any(state.kind(kind), key);
            if (stored == null || stored.deleted()) {
                throw new IllegalArgumentException("the platform holds no " + kind + " " + key);
            }
            Review review = Review.builder()
                    .state(decision)
                    .comment(comment.isEmpty() ? null : comment)
                    .at(state.clock().now())
                    .by("省级审核单位")
                    .build();
            return state.ledger().review(stored, review, stored.held() && !State.accepts(decision));
        });
    }

    /**
     * Gives the faults of this platform.
     *
     * @return the faults, to add to and to clear
     */
    public Faults faults() {
        return state.faults();
    }

    /**
     * Gives the clock of this platform.
     *
     * @return the clock, to read and to move
     */
    public MockClock clock() {
        return state.clock();
    }

    /**
     * Loses a record, as a platform does that was restored from yesterday's backup. No change is announced.
     *
     * @param kind kind
     * @param key natural key
     */
    public void forget(RecordKind kind, String key) {
        state.locked(() -> {
            state.ledger().forget(state.kind(kind), key);
            return key;
        });
    }

    /**
     * Loses everything that came at an instant or later, as a platform does that was restored from a backup of that time. A
     * record that was only changed since is lost, too: the mock keeps no older version. No change is announced.
     *
     * @param instant the time of the backup, by {@link #clock()}
     * @return how many records and deletions were lost
     */
    public int forgetSince(Instant instant) {
        return state.locked(() -> {
            List<Stored> lost = state.ledger().since(instant.atOffset(MockClock.BEIJING));
            lost.forEach(stored -> state.ledger().forget(stored.kind(), stored.key()));
            return lost.size();
        });
    }

    /**
     * Adds a deadline to the calendar, or replaces the one of the same kind, body and period, until {@link #reset()}: the
     * calendar of the contract ends with 2022.
     *
     * @param deadline the deadline
     */
    public void addDeadline(Deadline deadline) {
        state.locked(() -> {
            state.calendar().add(Json.MAPPER.valueToTree(deadline));
            return deadline;
        });
    }

    /** Forgets all answers that were kept under idempotency keys. */
    public void forgetAnswers() {
        state.idempotency().clear();
    }

    /**
     * Replaces the secret of {@link #keyId()}.
     *
     * @param newSecret the new secret
     * @param keepOld true to accept the old one, too, until the next rotation
     */
    public void rotateSecret(byte[] newSecret, boolean keepOld) {
        List<byte[]> secrets = keepOld ? List.of(secret(), newSecret.clone()) : List.of(newSecret.clone());
        state.registry().change(keyId(), caller -> caller.withSecrets(secrets));
    }

    /**
     * Registers another key, for example of another platform, until {@link #reset()}.
     *
     * @param id key id
     * @param secretBytes its secret, for HMAC-SHA256
     * @param platformCode its platform
     * @param bodies reporting bodies, counties or zones for which it reports
     */
    public void addKey(String id, byte[] secretBytes, String platformCode, String... bodies) {
        addKey(builder().key(id, secretBytes).platform(platformCode).bodies(bodies));
    }

    /** Registers the key that some options describe. */
    void addKey(MockOptions other) {
        other.check();
        state.registry().add(other.caller(new Divisions()));
    }

    /**
     * Switches the key on or off: a switched-off key is refused with {@code APP_KEY_DISABLED}.
     *
     * @param enabled false to switch it off
     */
    public void enableKey(boolean enabled) {
        state.registry().change(keyId(), caller -> caller.withEnabled(enabled));
    }

    /**
     * Forgets everything: records, requests, faults, receipts, and what was done to clock and keys. The address stays; what
     * {@link #faults()} and {@link #clock()} gave before has no effect any more.
     */
    public void reset() {
        state = new State(options);
        wire.server().resetAll();
    }

    /**
     * Opens the door to the WireMock server below, for stubs of a test's own: they win over the platform. This is the only
     * place where WireMock shows; code that uses it depends on the version of WireMock.
     *
     * @return the server; its life belongs to this platform
     */
    public WireMockServer wireMock() {
        return wire.server();
    }

    /**
     * Tells what happened, for the message of a failed test. It holds no content of records.
     *
     * @return several lines
     */
    public String report() {
        String arrivals = arrived().stream().map(Arrival::toString).collect(Collectors.joining("\n  "));
        String refusals = refused().stream().map(Refusal::toString).collect(Collectors.joining("\n  "));
        return "The mock platform " + baseUrl() + " received:\n  " + (arrivals.isEmpty() ? "nothing" : arrivals)
                + (refusals.isEmpty() ? "" : "\nand did not apply:\n  " + refusals);
    }

    /** Takes a record as if the key had pushed it; the place names it in the message of a refusal. */
    void seed(RecordKind kind, com.fasterxml.jackson.databind.JsonNode record, String place) {
        ObjectNode result = state.locked(() -> state.push(state.kind(kind), record));
        if (!result.get("result").asText().equals("CREATED")) {
            throw new IllegalArgumentException(place + ": " + result);
        }
    }

    /** The certificate as a file for curl and other clients; null without HTTPS. */
    @Nullable
    String certificatePem() {
        return certificate == null ? null : certificate.pem();
    }

    /** Counts of what the platform holds, for the control API. */
    ObjectNode summary() {
        return state.locked(() -> {
            ObjectNode summary = Json.object()
                    .put("baseUrl", baseUrl())
                    .put("keyId", keyId())
                    .put("now", MockClock.text(clock().now()))
                    .put("arrived", arrived().size())
                    .put("refused", refused().size());
            ObjectNode held = summary.putObject("held");
            RecordKind.known()
                    .forEach(kind -> held.put(
                            kind.value(), state.ledger().list(state.kind(kind)).count()));
            return summary;
        });
    }

    /** Stops listening and frees the port. */
    @Override
    public void close() {
        wire.server().stop();
    }
}
