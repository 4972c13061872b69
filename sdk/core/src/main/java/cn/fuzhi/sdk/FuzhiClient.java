package cn.fuzhi.sdk;

import cn.fuzhi.sdk.api.DeadlinesApi;
import cn.fuzhi.sdk.api.Resources;
import cn.fuzhi.sdk.model.Attachment;
import cn.fuzhi.sdk.model.Change;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.rules.RuleContext;
import java.io.IOException;
import java.net.Proxy;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import retrofit2.Retrofit;
import retrofit2.converter.jackson.JacksonConverterFactory;

/**
 * The connection of a program to the provincial platform: typed calls, and pushes that answer record by record.
 *
 * <p>One client per key id, made once and used by all threads. Every call goes through one pipeline with timeouts, retries,
 * circuit breaker, rate limit and signature; it returns the answer or throws a {@link FuzhiException} that says what to do next.
 * A program that must not lose anything uses the outbox, which sends through this client.
 *
 * <pre>{@code
 * FuzhiClient client = FuzhiClient.builder()
 *         .baseUrl("https://platform.example.invalid")
 *         .credentials(Credentials.hmacSha256("lueyang-2022", secrets::read))
 *         .build();
 * PushReport report = client.push(schools);
 * }</pre>
 */
public final class FuzhiClient implements Resources, BatchSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);

    private final Settings settings;
    private final Host host;
    private final Pipeline pipeline;
    private final Batches batches;
    private final Retrofit retrofit;
    private final Map<Class<?>, Object> interfaces = new ConcurrentHashMap<>();

    private FuzhiClient(Settings settings, Host host) {
        this.settings = settings;
        this.host = host;
        this.pipeline = host.pipeline(settings);
        this.batches = new Batches(pipeline, settings.baseUrl(), settings.ports(), host.workers(), settings.inFlight());
        this.retrofit = new Retrofit.Builder()
                .baseUrl(settings.baseUrl())
                .callFactory(host.http())
                .addConverterFactory(JacksonConverterFactory.create(Json.MAPPER))
                .addCallAdapterFactory(new PlainCalls(pipeline, settings.ports()))
                .build();
    }

    /**
     * Starts the settings of a client; address and credentials are required.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public <T> T api(Class<T> type) {
        return type.cast(interfaces.computeIfAbsent(type, retrofit::create));
    }

    /**
     * Pushes records of any kinds and waits for the verdicts.
     *
     * @param records the records; kinds are sent in the order of their ranks, whatever the order given
     * @return the outcome of every record; records that break rules are in it as refused and were not sent
     * @throws FuzhiException when nothing at all could be decided: the platform cannot be reached, or accepts nothing from us
     */
    public PushReport push(Collection<? extends PushRecord> records) {
        return push(records, Progress.NONE);
    }

    /**
     * Pushes records of any kinds and tells how far it has come.
     *
     * @param records the records; kinds are sent in the order of their ranks, whatever the order given
     * @param progress is told after every batch, and after each record that is refused before it is sent
     * @return the outcome of every record
     * @throws FuzhiException when nothing at all could be decided
     */
    public PushReport push(Collection<? extends PushRecord> records, Progress progress) {
        pipeline.requireOpen();
        return Push.all(batches, settings.rules(), records, progress, false);
    }

    /**
     * Has the platform check records without storing them. It stores nothing on the way either, so what is refused there only because
     * it refers to another record of this call counts as accepted when that one is, with the finding as a warning.
     *
     * @param records the records
     * @return the outcome that a push would have, as far as the platform can tell without storing anything
     * @throws FuzhiException when nothing at all could be decided
     */
    public PushReport dryRun(Collection<? extends PushRecord> records) {
        pipeline.requireOpen();
        return Push.all(batches, settings.rules(), records, Progress.NONE, true);
    }

    /**
     * Pushes any number of records of one kind in the order given, in constant memory.
     *
     * @param kind kind of all records
     * @param records the records; read once, closed at the end
     * @param progress is told after every batch, and after each record that is refused before it is sent
     * @return the counts, and the outcomes that were not accepted (10,000 at most)
     * @throws FuzhiException when nothing at all could be decided
     * @throws IllegalArgumentException when a record is of another kind
     */
    public PushReport push(RecordKind kind, Stream<? extends PushRecord> records, Progress progress) {
        try (records) {
            pipeline.requireOpen();
            return Push.stream(batches, settings.rules(), kind, records, progress);
        }
    }

    /**
     * Uploads a file to which a record will refer by the number of the attachment.
     *
     * @param file at most 50 MiB; must not change meanwhile
     * @param mediaType such as {@code application/pdf}
     * @return the complete attachment; the same file is not sent twice, and an upload that broke off goes on where it ended
     * @throws FuzhiException when the file is not acceptable or a part could not be sent
     * @throws IOException when the file cannot be read
     */
    public Attachment upload(Path file, String mediaType) throws IOException {
        return new Upload(attachments(), pipeline, settings.baseUrl(), settings.ports()).send(file, mediaType);
    }

    /**
     * Reads the change feed from a place on.
     *
     * @param after number of the last change that is known ({@code changeSeq}), 0 for the beginning
     * @param kinds kinds of records; none for all
     * @return the changes that the platform has now, oldest first, read page by page
     */
    public Pages<Change> changesAfter(long after, RecordKind... kinds) {
        return new Reporting(this, settings.rules()).changes(after, kinds);
    }

    /**
     * Reads all records of a kind that this key id may see.
     *
     * <pre>{@code
     * for (Pairing pairing : client.records(Pairing.class)) { … }
     * }</pre>
     *
     * <p>{@link Pages} shows how to read with a query, or with what the platform keeps beside the record.
     *
     * @param type a pushed kind, such as {@code Pairing}
     * @param <T> the record
     * @return the records, read page by page when they are needed
     * @throws IllegalArgumentException when the type is not a pushed kind
     */
    public <T extends PushRecord> Pages<T> records(Class<T> type) {
        return new Listing(pipeline, settings.baseUrl(), settings.ports()).of(type);
    }

    /** The calendar of what is to be reported, also as one report for a body: {@code client.deadlines().due(bodyCode)}. */
    @Override
    public Deadlines deadlines() {
        return new Deadlines(api(DeadlinesApi.class), service());
    }

    /**
     * Tells what a body owes the province: what is due, late, met and missed.
     *
     * @param bodyCode a reporting body, county or zone within the jurisdiction of this key id
     * @return the report, which can be printed
     */
    public DueReport due(String bodyCode) {
        return deadlines().due(bodyCode);
    }

    /**
     * Finds out what stands in the way of a report before it is sent. Nothing is stored anywhere.
     *
     * @param kind what is to be reported
     * @param bodyCode the body that reports
     * @param periodKey the period, as in the calendar
     * @param records the records of the report
     * @return the findings of the local rules and of the platform, which can be printed
     */
    public Preflight preflight(
            DeadlineKind kind, String bodyCode, String periodKey, Collection<? extends PushRecord> records) {
        return new Reporting(this, settings.rules()).preflight(kind, bodyCode, periodKey, records);
    }

    @Override
    public BatchReply send(Batch batch) {
        return batches.send(batch);
    }

    /**
     * Makes a client for another key id of the same platform, such as that of another county. It shares connections, breaker and
     * retry budget with this one, has its own rate limit, and ends with this one.
     *
     * @param credentials the other credentials
     * @return the other client; closing it does nothing
     * @throws IllegalArgumentException when the credentials cannot be used
     */
    public FuzhiClient with(Credentials credentials) {
        List<String> errors = new ArrayList<>();
        Settings.checkCredentials(credentials, errors);
        Settings.refuse(errors);
        return new FuzhiClient(settings.with(credentials), host.shared());
    }

    /** Closes the client as {@link #close(Duration)} with five seconds of patience. */
    @Override
    public void close() {
        close(Host.PATIENCE);
    }

    /**
     * Lets no new request out, waits for those on the way, then cancels them: their callers get an exception. A push of which
     * something was decided ends with its report, which counts the rest as undecided and says why. Afterwards every call throws
     * {@link IllegalStateException}. May be called more than once and from any thread, a listener's included.
     *
     * @param patience longest time to wait for requests on the way
     */
    public void close(Duration patience) {
        host.close(patience);
    }

    @Override
    public String toString() {
        return "FuzhiClient[" + settings + "]";
    }

    /** Collects the settings of a client; every method returns the builder itself. Not for several threads. */
    public static final class Builder {
        @Nullable
        String baseUrl;

        @Nullable
        String authority;

        @Nullable
        Credentials credentials;

        Duration callTimeout = Duration.ofSeconds(30);
        Duration deadline = Duration.ofSeconds(90);
        RetryPolicy retry = RetryPolicy.defaults();
        double ratePerSecond = 20;
        int inFlight = 4;
        boolean gzip = true;

        @Nullable
        KeyStore trust;

        @Nullable
        KeyStore identity;

        char @Nullable [] password;

        @Nullable
        Proxy proxy;

        @Nullable
        Consumer<? super ClientEvent> listener;

        RuleContext rules = RuleContext.none();
        Ports ports = Ports.SYSTEM;

        private Builder() {}

        /**
         * Sets the address of the platform.
         *
         * @param value an https address, http only for the loopback address; may have a path
         */
        public Builder baseUrl(String value) {
            baseUrl = value;
            return this;
        }

        /**
         * Sets the public name of the platform, which is signed: needed where a gateway is addressed by another name.
         *
         * @param value host, or host:port; by default that of the address
         */
        public Builder authority(String value) {
            authority = value;
            return this;
        }

        /**
         * Sets how requests are signed.
         *
         * @param value key id and secret
         */
        public Builder credentials(Credentials value) {
            credentials = value;
            return this;
        }

        /**
         * Sets the longest time of one attempt.
         *
         * @param value 1 ms to 24 hours, 30 seconds by default
         */
        public Builder callTimeout(Duration value) {
            callTimeout = value;
            return this;
        }

        /**
         * Sets the longest time of a call with all its attempts and waits; a push has it for every batch.
         *
         * @param value 1 ms to 24 hours, 90 seconds by default
         */
        public Builder deadline(Duration value) {
            deadline = value;
            return this;
        }

        /**
         * Sets when a direct call is repeated.
         *
         * @param value {@link RetryPolicy#defaults()} by default
         */
        public Builder retry(RetryPolicy value) {
            retry = value;
            return this;
        }

        /**
         * Sets the rate limit of this key id.
         *
         * @param perSecond requests per second, at most 1,000, 20 by default; 0 for none
         */
        public Builder rateLimit(double perSecond) {
            ratePerSecond = perSecond;
            return this;
        }

        /**
         * Sets how many batches of one push may be on the way at a time.
         *
         * @param value 1 to 8, 4 by default
         */
        public Builder batchesInFlight(int value) {
            inFlight = value;
            return this;
        }

        /**
         * Sets whether request bodies are compressed.
         *
         * @param value true by default; the client stops by itself when the platform does not take gzip
         */
        public Builder gzip(boolean value) {
            gzip = value;
            return this;
        }

        /**
         * Sets the certificates that are trusted, instead of those of the Java platform.
         *
         * @param value a store with the authorities of the platform's certificate
         */
        public Builder trustStore(KeyStore value) {
            trust = value;
            return this;
        }

        /**
         * Sets the certificate of this client, for platforms that ask for one (mutual TLS).
         *
         * @param value a store with the key and its certificate chain
         * @param keyPassword password of the key; not kept after {@link #build()}
         */
        public Builder clientCertificate(KeyStore value, char[] keyPassword) {
            identity = value;
            password = keyPassword.clone();
            return this;
        }

        /**
         * Sets what the rules across records may rely on: divisions, schools, holidays, today.
         *
         * @param value without it those rules are not checked before a push of a collection; the platform checks them anyway
         */
        public Builder ruleContext(RuleContext value) {
            rules = value;
            return this;
        }

        /**
         * Sets the proxy.
         *
         * @param value a proxy, or {@link Proxy#NO_PROXY}; by default that of the Java platform
         */
        public Builder proxy(Proxy value) {
            proxy = value;
            return this;
        }

        /**
         * Sets a listener of what the client does.
         *
         * @param value called by a thread of the client, see {@link ClientEvent}
         */
        public Builder listener(Consumer<? super ClientEvent> value) {
            listener = value;
            return this;
        }

        Builder ports(Ports value) {
            ports = value;
            return this;
        }

        /**
         * Makes the client. Nothing is sent yet.
         *
         * @return the client
         * @throws IllegalArgumentException that names everything that is wrong with the settings
         */
        public FuzhiClient build() {
            Settings settings = Settings.of(this);
            Host host = Host.open(settings);
            LOG.info("扶智客户端 / fuzhi client: {}", settings);
            return new FuzhiClient(settings, host);
        }
    }
}
