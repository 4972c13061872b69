package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.RecordKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for undelivered rows that others may refer to: any of the same or a lower rank whose key is a text in their payload.
 * References have no place of their own in the outbox, and a text that happens to equal a key only makes a row wait longer.
 */
final class Dependencies implements Verdicts.References {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,249}");
    private static final int MOST_OF_ONE = 500;
    private static final int MOST_OF_A_QUERY = 8000;

    private final Transactions transactions;
    private final String name;
    private final String undelivered;

    Dependencies(Transactions transactions, String prefix, String name) {
        this.transactions = transactions;
        this.name = name;
        String kinds = RecordKind.known().stream().map(kind -> "'" + kind + "'").collect(Collectors.joining(", "));
        this.undelivered = "SELECT kind, record_key FROM " + prefix + "entry WHERE name = ? AND kind IN (" + kinds
                + ") AND state NOT IN ('DELIVERED', 'DISCARDED') AND record_key IN {keys}";
    }

    @Override
    public Map<String, Verdicts.Wait> waiting(List<Claim> claims) {
        Map<String, Set<String>> texts = new HashMap<>();
        claims.forEach(claim -> texts.put(claim.key(), texts(claim.record().payload())));
        List<String> all =
                texts.values().stream().flatMap(Set::stream).distinct().toList();
        return transactions.read(tx -> {
            Map<String, Set<RecordKind>> there = new HashMap<>();
            for (int from = 0; from < all.size(); from += MOST_OF_A_QUERY) {
                look(tx, all.subList(from, Math.min(all.size(), from + MOST_OF_A_QUERY)), there);
            }
            Map<String, Verdicts.Wait> waits = new HashMap<>();
            for (Claim claim : claims) {
                boolean explained = texts.getOrDefault(claim.key(), Set.of()).stream()
                        .anyMatch(text -> there.getOrDefault(text, Set.of()).stream()
                                .anyMatch(kind -> mayReferTo(claim, kind, text)));
                waits.put(claim.key(), explained ? new Verdicts.Wait(null, Duration.ZERO) : unexplained(claim, tx));
            }
            return waits;
        });
    }

    private void look(Tx tx, List<String> keys, Map<String, Set<RecordKind>> there) throws SQLException {
        try (ResultSet rows = tx.among(undelivered, keys, name).executeQuery()) {
            while (rows.next()) {
                there.computeIfAbsent(rows.getString(2), none -> new HashSet<>())
                        .add(RecordKind.of(rows.getString(1)));
            }
        }
    }

    private static boolean mayReferTo(Claim claim, RecordKind kind, String key) {
        RecordKind own = claim.record().kind();
        return kind.rank() <= own.rank() && !(kind.equals(own) && key.equals(claim.key()));
    }

    private static Verdicts.Wait unexplained(Claim claim, Tx tx) {
        long since = claim.waitingSince() == null ? tx.now() : claim.waitingSince();
        return new Verdicts.Wait(since, Duration.ofNanos(Math.max(0, tx.now() - since) * 1000));
    }

    private static Set<String> texts(byte @Nullable [] payload) {
        return payload == null
                ? Set.of()
                : JsonTexts.values(payload).stream()
                        .filter(text -> KEY.matcher(text).matches())
                        .limit(MOST_OF_ONE)
                        .collect(Collectors.toSet());
    }
}
