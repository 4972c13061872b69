package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.BatchReply;
import cn.fuzhi.sdk.BatchReply.Decided;
import cn.fuzhi.sdk.BatchReply.Disposition;
import cn.fuzhi.sdk.BatchReply.Failed;
import cn.fuzhi.sdk.BatchSender;
import cn.fuzhi.sdk.BatchSender.Batch;
import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.ItemOutcome;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.outbox.OutboxEntry.State;
import cn.fuzhi.sdk.outbox.OutboxListener.Alarm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends claimed rows and writes down what became of them. Only one thread at a time.
 *
 * <p>A request that is refused as a whole is halved until the culprit is alone: at most 2 · log₂ n + 1 further requests.
 */
final class Delivery {
    static final String TOO_LARGE = "TOO_LARGE";
    static final String REFUSED_ALONE = "REFUSED_ALONE";
    static final String FAILS_ALONE = "FAILS_ALONE";
    static final String DAMAGED = "DAMAGED";
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    /** What did not leave this program may be tried again after some seconds: asking the client costs the platform nothing. */
    private static final int ASKING_AGAIN = 4;

    private static final String NO_SUCH_KIND =
            "；请核对平台地址中的路径、权限和平台版本 / check the path of the address, the permissions and the version of the platform";

    private static final int ALONE = 8;
    private static final int SUSPECTS = 10_000;
    private static final int FRESH_PART = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
    static final Duration MARGIN = Duration.ofSeconds(1);
    private static final double JITTER = 0.1;

    private final OutboxStore store;
    private final BatchSender sender;
    private final Verdicts verdicts;
    private final Pauses pauses;
    private final BatchSizes sizes;
    private final Clocks clocks;
    private final Duration lease;
    private final Duration callTimeout;
    private final Outcomes outcomes;
    private final Deque<List<Settlement>> unsettled = new ArrayDeque<>();
    private final Map<String, Long> suspects = new HashMap<>();
    private boolean storeFails;

    /** Hears what was settled, and of what somebody should know. */
    interface Outcomes {
        void settled(RecordKind kind, List<Settlement> written);

        void answered(Claim claim, ItemOutcome outcome);

        void alarm(Alarm alarm, String about, String text);

        void calm(RecordKind kind);
    }

    Delivery(
            OutboxStore store,
            BatchSender sender,
            Verdicts verdicts,
            Pauses pauses,
            BatchSizes sizes,
            Clocks clocks,
            Settings settings,
            Outcomes outcomes) {
        this.store = store;
        this.sender = sender;
        this.verdicts = verdicts;
        this.pauses = pauses;
        this.sizes = sizes;
        this.clocks = clocks;
        this.lease = settings.lease();
        this.callTimeout = settings.callTimeout();
        this.outcomes = outcomes;
    }

    /**
     * Sends rows of one kind.
     *
     * @param leased when their claim began
     */
    void deliver(RecordKind kind, List<Claim> claims, Clocks.Stopwatch leased) {
        Deque<List<Claim>> parts = new ArrayDeque<>();
        parts.add(claims);
        Clocks.Stopwatch held = leased;
        while (!parts.isEmpty()) {
            List<Claim> part = cut(parts, sizes.most(kind));
            // A lease that has only just begun needs no renewal; one that may have run while this program stood still
            // does.
            if (held.elapsed().multipliedBy(FRESH_PART).compareTo(lease) > 0) {
                held = clocks.start();
                part = store.renew(part, lease);
            }
            part = intact(kind, part);
            if (!part.isEmpty() && !sendPart(kind, part, held, parts)) {
                parts.forEach(rest -> settle(kind, again(rest, Duration.ZERO, null)));
                return;
            }
            held = parts.isEmpty() ? held : renewed(parts, clocks.start());
        }
    }

    /** Takes the next part, and of one that is longer than what was learned meanwhile only its beginning. */
    private static List<Claim> cut(Deque<List<Claim>> parts, int most) {
        List<Claim> part = parts.pop();
        if (part.size() <= most) {
            return part;
        }
        parts.push(part.subList(most, part.size()));
        return part.subList(0, most);
    }

    /** Every further request of a halved batch has a lease of full length. */
    private Clocks.Stopwatch renewed(Deque<List<Claim>> parts, Clocks.Stopwatch now) {
        parts.push(store.renew(parts.pop(), lease));
        return now;
    }

    private List<Claim> intact(RecordKind kind, List<Claim> claims) {
        List<Claim> good = new ArrayList<>(claims.size());
        List<Settlement> damaged = new ArrayList<>();
        for (Claim claim : claims) {
            if (isIntact(claim)) {
                good.add(claim);
            } else {
                String text =
                        "存储的内容与摘要不符，未发送；请重新 enqueue / the stored bytes do not have their digest and were not sent";
                damaged.add(Settlement.stopped(claim, State.PARKED, DAMAGED, text, null));
                outcomes.alarm(Alarm.DAMAGED, kind.value(), text);
            }
        }
        settle(kind, damaged);
        return good;
    }

    private static boolean isIntact(Claim claim) {
        byte[] payload = claim.record().payload();
        return payload == null
                ? Op.DELETE.equals(claim.record().op())
                : RecordCodec.digest(payload).equals(claim.record().digest());
    }

    /** Returns false when nothing more of these rows is to be sent now. */
    private boolean sendPart(RecordKind kind, List<Claim> part, Clocks.Stopwatch held, Deque<List<Claim>> parts) {
        Duration left = lease.minus(held.elapsed()).minus(MARGIN);
        if (left.isNegative() || left.isZero()) {
            // This program stood still. That is no failure of the platform, and nothing waits for it.
            settle(kind, again(part, Duration.ZERO, null));
            return false;
        }
        BatchReply reply = send(kind, part, left);
        if (reply instanceof Decided decided) {
            pauses.answered(kind);
            outcomes.calm(kind);
            settle(kind, decided(part, decided));
            return true;
        }
        Failed failed = masked((Failed) reply, part);
        boolean divisible = failed.disposition() == Disposition.SPLIT || failed.disposition() == Disposition.BISECT;
        if (!divisible) {
            settle(kind, failed(kind, part, failed));
            return false;
        }
        if (failed.disposition() == Disposition.SPLIT) {
            sizes.tooLarge(kind, part.size());
        }
        if (part.size() == 1) {
            settle(kind, List.of(refused(part.get(0), failed)));
            return true;
        }
        parts.push(part.subList(part.size() / 2, part.size()));
        parts.push(part.subList(0, part.size() / 2));
        return true;
    }

    private BatchReply send(RecordKind kind, List<Claim> part, Duration left) {
        List<Item> items = part.stream()
                .map(claim -> new Item(claim.record(), claim.version()))
                .toList();
        try {
            return sender.send(new Batch(kind, items, left.compareTo(callTimeout) < 0 ? left : callTimeout));
        } catch (RuntimeException e) {
            LOG.warn("发送方出错，批次未能送出 / a batch could not be sent because of a fault in the sender", e);
            String fault = "发送程序出错 / the sender failed: " + e.getClass().getSimpleName();
            return new Failed(Disposition.RETRY, null, fault, null);
        }
    }

    /** A platform may repeat what any record of the request says, and people will read that. */
    private static Failed masked(Failed failed, List<Claim> part) {
        String problem = failed.problem();
        for (Claim claim : part) {
            problem = Redaction.masked(
                    problem, claim.record().kind(), claim.record().payload());
        }
        return new Failed(failed.disposition(), failed.retryAfter(), problem, failed.requestId());
    }

    private List<Settlement> decided(List<Claim> part, Decided decided) {
        for (Claim claim : part) {
            suspects.remove(suspect(claim));
            ItemOutcome outcome = decided.outcomes().get(claim.key());
            if (outcome != null) {
                outcomes.answered(claim, outcome);
            }
        }
        return verdicts.settlements(part, decided.outcomes(), decided.requestId());
    }

    /** A key names a record only together with its kind. */
    private static String suspect(Claim claim) {
        return claim.record().kind() + "/" + claim.key();
    }

    private static Settlement refused(Claim claim, Failed failed) {
        String cause = failed.disposition() == Disposition.SPLIT ? TOO_LARGE : REFUSED_ALONE;
        return Settlement.stopped(claim, State.REJECTED, cause, failed.problem(), failed.requestId());
    }

    private List<Settlement> failed(RecordKind kind, List<Claim> part, Failed failed) {
        boolean neighboursSucceed = pauses.failures() == 0 && pauses.successes() > 0;
        String why = failed.problem();
        return switch (failed.disposition()) {
            case RETRY -> {
                noVerdicts(why);
                yield part.stream()
                        .map(claim -> retried(claim, part.size(), failed, neighboursSucceed))
                        .toList();
            }
            case RETRY_UNCOUNTED -> {
                noVerdicts(why);
                yield again(part, atLeast(clocks.backoff(1), failed), why);
            }
            case NOT_TRIED -> {
                pauses.holdHost(clocks.backoff(Math.min(pauses.failures(), ASKING_AGAIN)));
                yield again(part, Duration.ZERO, why);
            }
            case PAUSE_HOST -> {
                pauses.holdHost(atLeast(clocks.backoff(pauses.throttled(why)), failed));
                yield again(part, Duration.ZERO, why);
            }
            case PAUSE_KIND -> {
                pauses.holdKind(kind, why + NO_SUCH_KIND);
                outcomes.alarm(Alarm.KIND_PAUSED, kind.value(), kind + ": " + why + NO_SUCH_KIND);
                yield again(part, Duration.ZERO, why);
            }
            case PAUSE_ALL -> {
                pauses.holdAll(why);
                outcomes.alarm(Alarm.PAUSED, "", why);
                yield again(part, Duration.ZERO, why);
            }
            case SPLIT, BISECT -> throw new IllegalStateException("halved before");
        };
    }

    private void noVerdicts(String why) {
        if (pauses.failed(why) == 1) {
            LOG.warn("报送未得到结果，稍后自动重试，数据不会丢失 / no verdicts; it is tried again and nothing is lost: {}", why);
        }
    }

    /** While other requests go through, the culprit of a failing one is looked for by ever smaller requests. */
    private Settlement retried(Claim claim, int size, Failed failed, boolean neighboursSucceed) {
        // When nothing goes through it is not the row that must wait, and then all wait together for the next probe.
        Duration delay = atLeast(clocks.backoff(neighboursSucceed ? claim.attempts() + 1 : 1), failed);
        Settlement retry = Settlement.failed(claim, delay, failed.problem(), failed.requestId());
        if (size > 1) {
            int together = neighboursSucceed ? Math.max(1, size / 2) : claim.together();
            return retry.counting(claim.alone(), together, claim.unknownVerdicts(), claim.waitingSince());
        }
        int alone = claim.alone() + (othersWentThrough(claim, neighboursSucceed) ? 1 : 0);
        if (alone >= ALONE) {
            return Settlement.stopped(claim, State.PARKED, FAILS_ALONE, failed.problem(), failed.requestId());
        }
        return retry.counting(alone, claim.together(), claim.unknownVerdicts(), claim.waitingSince());
    }

    private boolean othersWentThrough(Claim claim, boolean neighboursSucceed) {
        if (suspects.size() > SUSPECTS) {
            suspects.clear();
        }
        Long before = suspects.put(suspect(claim), pauses.successes());
        return before == null ? neighboursSucceed : pauses.successes() > before;
    }

    private static List<Settlement> again(List<Claim> claims, Duration delay, @Nullable String problem) {
        return claims.stream()
                .map(claim -> Settlement.again(claim, delay, problem))
                .toList();
    }

    /** The wait that the platform asked for wins when it is longer, with up to 10 % more; at most a day. */
    private Duration atLeast(Duration own, Failed failed) {
        Duration asked = failed.retryAfter() == null ? Duration.ZERO : failed.retryAfter();
        Duration wait = own.compareTo(asked) > 0 ? own : asked;
        Duration jittered = wait.plus(clocks.upTo(Duration.ofNanos((long) (asked.toNanos() * JITTER))));
        return jittered.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : jittered;
    }

    private void settle(RecordKind kind, List<Settlement> settlements) {
        if (settlements.isEmpty()) {
            return;
        }
        unsettled.add(settlements);
        try {
            settleAgain();
        } catch (OutboxException e) {
            if (!storeFails) {
                LOG.warn(
                        "{} 的送达结果暂时无法记录，将重试 / what was delivered cannot be written down yet; it is tried again",
                        kind,
                        e);
            }
            storeFails = true; // told once per outage
        }
    }

    /**
     * Writes down what could not be written before; what a transaction of the host holds stays for the next time.
     *
     * @throws OutboxException if the store still fails; nothing is forgotten
     */
    void settleAgain() {
        for (int left = unsettled.size(); left > 0; left--) {
            List<Settlement> settlements = Objects.requireNonNull(unsettled.peek());
            RecordKind kind = settlements.get(0).claim().record().kind();
            OutboxStore.Settled settled = store.settle(settlements);
            unsettled.poll();
            storeFails = false;
            if (!settled.locked().isEmpty()) {
                unsettled.add(settled.locked());
            }
            outcomes.settled(kind, settled.written());
        }
    }
}
