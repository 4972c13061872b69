package cn.fuzhi.sdk;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/** What all key ids of one platform share: connections, clock, breakers, budget, threads. */
final class Host {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String NAME = "fuzhi";
    private static final int IDLE_SECONDS = 5;

    private final OkHttpClient http;
    private final Addresses addresses;
    private final OwnCertificate certificate;
    private final InFlight inFlight;
    private final Events events;
    private final ClockOffset clock;
    private final Pipeline.Common common;
    private final ExecutorService workers;
    private final boolean owner;

    private Host(
            OkHttpClient http,
            Addresses addresses,
            OwnCertificate certificate,
            InFlight inFlight,
            Events events,
            ClockOffset clock,
            Pipeline.Common common,
            ExecutorService workers,
            boolean owner) {
        this.http = http;
        this.addresses = addresses;
        this.certificate = certificate;
        this.inFlight = inFlight;
        this.events = events;
        this.clock = clock;
        this.common = common;
        this.workers = workers;
        this.owner = owner;
    }

    static Host open(Settings settings) {
        ConnectionPool pool = HttpStack.pool();
        // A connection that is in use when the pool is emptied would stay, and an HTTP/2 one has a thread that reads.
        InFlight inFlight = new InFlight(NAME, pool::evictAll);
        ExecutorService workers = newWorkers();
        Addresses addresses = new Addresses(settings.ports(), workers, inFlight);
        OkHttpClient http = http(settings, pool, addresses);
        Events events = new Events(settings.listener(), NAME);
        ClockOffset clock = new ClockOffset(settings.ports());
        Pipeline.Common common =
                new Pipeline.Common(settings.limits(), settings.ports(), events, clock, pool, inFlight);
        OwnCertificate certificate = new OwnCertificate(settings.ports(), events);
        return new Host(http, addresses, certificate, inFlight, events, clock, common, workers, true);
    }

    private static OkHttpClient http(Settings settings, ConnectionPool pool, Addresses addresses) {
        try {
            return HttpStack.client(settings.route(), pool, addresses);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("证书或密钥不可用 / the certificates or keys cannot be used", e);
        }
    }

    private static ExecutorService newWorkers() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, NAME + "-work-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** The same host for another key id, which must not close it. */
    Host shared() {
        return new Host(http, addresses, certificate, inFlight, events, clock, common, workers, false);
    }

    OkHttpClient http() {
        return http;
    }

    ExecutorService workers() {
        return workers;
    }

    /** The pipeline of one key id. */
    Pipeline pipeline(Settings settings) {
        Signer signer = new Signer(settings.credentials());
        MessageSignature signature = new MessageSignature(signer, settings.authority(), clock, settings.ports());
        Pace pace = new Pace(settings.ratePerSecond(), settings.ports());
        return new Pipeline(common, new Wire(http, signature, addresses, certificate, inFlight, clock), signer, pace);
    }

    void close(Duration patience) {
        if (!owner) {
            return;
        }
        inFlight.close(patience);
        workers.shutdownNow();
        events.close();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
