package cn.fuzhi.sdk;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the certificate of this client whenever it is shown to the platform, and tells in time that it ends: once a day in the
 * log and to the listener, because a new one takes its days. Safe for use by several threads.
 */
final class OwnCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(FuzhiClient.class);
    private static final Duration AHEAD = Duration.ofDays(30);
    private static final Duration AGAIN = Duration.ofDays(1);

    private final Ports ports;
    private final Events events;
    private @Nullable Instant told;

    OwnCertificate(Ports ports, Events events) {
        this.ports = ports;
        this.events = events;
    }

    /** Notes the chain that was shown at a handshake, its own certificate first; empty when the platform asked for none. */
    synchronized void shown(List<Certificate> chain) {
        if (chain.isEmpty() || !(chain.get(0) instanceof X509Certificate own)) {
            return;
        }
        Instant now = ports.now();
        Instant end = own.getNotAfter().toInstant();
        boolean quiet = told != null && now.isBefore(told.plus(AGAIN));
        if (quiet || now.isBefore(end.minus(AHEAD))) {
            return;
        }
        told = now;
        LOG.warn("客户端证书将于或已于 {} 失效，请更换 / the client certificate ends, renew it", end);
        events.send(new ClientEvent.CertificateEnds(end));
    }
}
