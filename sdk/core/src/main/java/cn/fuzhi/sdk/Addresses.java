package cn.fuzhi.sdk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/**
 * The addresses of a host, those that failed to connect last. OkHttp without its own repeats tries only the first, so that a dead
 * first address would hide a living second one from every attempt.
 *
 * <p>A resolver cannot be interrupted and may take minutes. So it is asked by a thread of ours, one for each host at a time, and a
 * caller waits no longer than its call lasts.
 */
final class Addresses implements Dns {
    private static final long GLANCE_MILLIS = 20;
    private static final int MOST_REMEMBERED = 64;

    private final Ports ports;
    private final ExecutorService workers;
    private final InFlight inFlight;
    private final Map<InetAddress, Long> failed = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<List<InetAddress>>> asked = new ConcurrentHashMap<>();

    Addresses(Ports ports, ExecutorService workers, InFlight inFlight) {
        this.ports = ports;
        this.workers = workers;
        this.inFlight = inFlight;
    }

    /** Remembers that a connection to an address could not be made. */
    void failed(InetAddress address) {
        if (failed.size() >= MOST_REMEMBERED) {
            failed.clear();
        }
        failed.put(address, ports.nanoTime());
    }

    /** Forgets the failures of an address. */
    void connected(InetAddress address) {
        failed.remove(address);
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>(resolved(host));
        long now = ports.nanoTime();
        // Of several failed ones the one that failed longest ago is next; a sort is stable, so the others keep their
        // order.
        found.sort(Comparator.comparingLong((InetAddress address) -> {
                    Long since = failed.get(address);
                    return since == null ? Long.MAX_VALUE : now - since;
                })
                .reversed());
        return found;
    }

    private List<InetAddress> resolved(String host) throws UnknownHostException {
        CompletableFuture<List<InetAddress>> answer = asked.computeIfAbsent(host, this::ask);
        try {
            while (true) {
                try {
                    return answer.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (inFlight.isCanceled(Thread.currentThread())) {
                        throw unknown(host, e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, new InterruptedIOException("interrupted"));
        } catch (ExecutionException e) {
            throw unknown(host, e.getCause() == null ? e : e.getCause());
        }
    }

    private CompletableFuture<List<InetAddress>> ask(String host) {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        try {
            workers.execute(() -> {
                try {
                    answer.complete(ports.lookup(host));
                } catch (IOException | RuntimeException e) {
                    answer.completeExceptionally(e);
                } finally {
                    asked.remove(host, answer);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new CompletionException(e));
        }
        return answer;
    }

    private static UnknownHostException unknown(String host, Throwable cause) {
        UnknownHostException e = new UnknownHostException(host);
        e.initCause(cause);
        return e;
    }
}
