package cn.fuzhi.sdk.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of a builder with their defaults, and the one place where they are checked together. */
final class Options {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_IN_A_REQUEST = 500;
    private static final int MOST_DAYS = 36_525;
    private static final int CALLS_PER_LEASE = 3;
    /** A sender stops a margin before its lease ends, and needs as much to begin. */
    private static final Duration BEYOND_CALL = Delivery.MARGIN.multipliedBy(2);

    String name = "default";
    String prefix = Outbox.Builder.PREFIX;

    @Nullable
    String platformCode;

    Duration lease = Duration.ofSeconds(90);
    Duration callTimeout = Duration.ofSeconds(30);
    int batchRows = MOST_IN_A_REQUEST;
    // The request adds key, version and digest to each record, and must stay below 1 MiB.
    long batchBytes = 900L * 1024;
    long maxRows = 2_000_000;
    long maxBytes = 4L * 1024 * 1024 * 1024;
    long diskReserve = 64L * 1024 * 1024;
    Duration retention = Duration.ofDays(400);
    Duration linger = Duration.ofMillis(200);
    Duration startJitter = Duration.ofSeconds(60);
    Duration poll = Duration.ofSeconds(1);
    Duration changesEvery = Duration.ofMinutes(5);
    boolean keepPayload;

    private final List<String> wrong = new ArrayList<>();

    /** Checks everything and names all that is wrong in one error. */
    Settings checked(boolean client, boolean file, boolean dataSource, boolean delivers, boolean joins) {
        wrong.clear();
        require(client, "缺少 client / client is missing");
        require(file != dataSource, "须在 file 与 dataSource 中选一个 / give either file or dataSource");
        require(delivers || !file, "文件只能由一个进程打开，deliver(false) 只用于 dataSource / deliver(false) needs dataSource");
        require(!joins || !file, "hostTransaction 只用于 dataSource / hostTransaction needs dataSource");
        require(NAME.matcher(name).matches(), "name 格式不正确 / name has characters that are not allowed");
        require(Schema.isPrefix(prefix), Schema.WRONG_PREFIX);
        require(
                batchRows >= 1 && batchRows <= MOST_IN_A_REQUEST,
                "batches 记录数须为 1–500 / batches holds 1 to 500 records");
        require(batchBytes >= 1, "batches 字节数须大于 0 / batches needs at least one byte");
        require(maxRows >= 1 && maxBytes >= 1, "limits 须大于 0 / limits must be positive");
        require(diskReserve >= 0, "diskReserve 不能为负 / diskReserve must not be negative");
        require(isPositive(callTimeout), "lease 的 call 须大于 0 / the time of a call must be positive");
        require(
                lease.dividedBy(CALLS_PER_LEASE).compareTo(callTimeout) >= 0
                        && lease.minus(callTimeout).compareTo(BEYOND_CALL) >= 0,
                "lease 须不小于 call 的 3 倍，且至少长 2 秒 / a lease is at least three times the call, and two seconds longer");
        require(retention.compareTo(Duration.ofDays(1)) >= 0, "retention 须不小于 1 天 / retention is at least a day");
        require(isPositive(poll), "poll 须大于 0 / poll must be positive");
        require(
                Stream.of(lease, callTimeout, retention, linger, startJitter, poll, changesEvery)
                        .allMatch(time -> time.toDays() <= MOST_DAYS),
                "时间不能超过 100 年 / a time is at most a hundred years");
        require(
                !linger.isNegative() && !startJitter.isNegative() && !changesEvery.isNegative(),
                "时间不能为负 / a time must not be negative");
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("outbox 配置有误 / wrong options: " + String.join("; ", wrong));
        }
        return settings();
    }

    Settings settings() {
        return new Settings(
                name,
                prefix,
                platformCode,
                lease,
                callTimeout,
                batchRows,
                batchBytes,
                maxRows,
                maxBytes,
                diskReserve,
                retention,
                linger,
                startJitter,
                poll,
                changesEvery,
                keepPayload);
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            wrong.add(otherwise);
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
