package cn.fuzhi.sdk;

import cn.fuzhi.sdk.BatchSender.Item;
import cn.fuzhi.sdk.model.DeadlineKind;
import cn.fuzhi.sdk.model.Receipt;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.Submission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An offline package (报送包): what is due at one deadline as a signed zip file, to be carried or mailed where there is no network. It
 * has the same frozen bytes, versions and digests as a push, so a report that is filed by package and later by the API counts once.
 *
 * <pre>
 * 610727_TIMETABLE_2022-09-15_001.zip
 *   manifest.json   who, what, which period, every file with its SHA-256, counts, signature
 *   data.jsonl      one change a line
 *   form.xlsx       the same as a form, for people
 *   attachments/
 * </pre>
 *
 * <p>Immutable; safe for use by several threads. The whole package is in memory: at most 500 files, 100 MiB, and 50 MiB zipped.
 */
public final class ReportPackage {
    private static final String MANIFEST = "manifest.json";
    private static final String DATA = "data.jsonl";
    private static final String FORM = "form.xlsx";
    private static final String ATTACHMENTS = "attachments/";

    /** Version of the contract from which the records are generated; a test holds it to the contract. */
    static final String SPEC_VERSION = "0.1.0";

    private static final Map<DeadlineKind, List<RecordKind>> COVERED = Map.of(
            DeadlineKind.ANNUAL_PLAN, List.of(RecordKind.ANNUAL_PLAN),
            DeadlineKind.PAIRING_LIST, List.of(RecordKind.PAIRING),
            DeadlineKind.TIMETABLE, List.of(RecordKind.TIMETABLE, RecordKind.LESSON),
            DeadlineKind.USAGE, List.of(RecordKind.USAGE_REPORT, RecordKind.LESSON_SESSION),
            DeadlineKind.ANNUAL_SUMMARY, List.of(RecordKind.ANNUAL_SUMMARY),
            DeadlineKind.CASE_STUDY, List.of(RecordKind.CASE_STUDY));

    private final PackageManifest manifest;
    private final Map<String, byte[]> files;
    private final List<Item> items;

    private ReportPackage(PackageManifest manifest, Map<String, byte[]> files, List<Item> items) {
        this.manifest = manifest;
        this.files = files;
        this.items = items;
    }

    /**
     * Lists the kinds of records of which a submission states count and digest; {@code deadlines.json} of the contract.
     *
     * @param kind what is reported
     * @return the kinds; none for a kind of deadline that this version does not know
     */
    public static List<RecordKind> coveredKinds(DeadlineKind kind) {
        return COVERED.getOrDefault(kind, List.of());
    }

    /**
     * Starts a package.
     *
     * @param kind what is reported
     * @param bodyCode who reports, such as {@code 610727}
     * @param periodKey the period of the deadline, such as {@code 2022-09-15}
     * @return an empty builder
     * @throws IllegalArgumentException if one of the three is not written as in the contract
     */
    public static Builder builder(DeadlineKind kind, String bodyCode, String periodKey) {
        return new Builder(kind, bodyCode, periodKey);
    }

    /**
     * Reads a package and checks everything but its signature: names, sizes, digests, counts, and every line of its data.
     *
     * @param content the zip file
     * @return the package
     * @throws FuzhiException.Refused that says what is wrong
     */
    public static ReportPackage read(byte[] content) {
        Map<String, byte[]> files = PackageZip.read(content);
        byte[] stored = files.get(MANIFEST);
        byte[] data = files.get(DATA);
        if (stored == null || data == null) {
            throw PackageZip.refused(
                    "报送包缺少 manifest.json 或 data.jsonl", "the package lacks manifest.json or data.jsonl");
        }
        if (stored.length > PackageManifest.LARGEST) {
            throw PackageZip.refused("manifest.json 过大", "manifest.json is too large");
        }
        PackageManifest manifest = parse(stored, PackageManifest.class, MANIFEST);
        if (!manifest.isComplete()) {
            throw PackageZip.refused("manifest.json 缺少内容或写法有误", "manifest.json is incomplete or not well-formed");
        }
        if (!manifest.describes(files)) {
            throw PackageZip.refused("报送包的文件与清单不符", "the files are not those of the manifest");
        }
        List<Item> items = PackageLines.read(data);
        if (items.stream().map(ReportPackage::identity).distinct().count() < items.size()) {
            throw PackageZip.refused("报送包内同一记录出现两次", "the package has one record twice");
        }
        if (!counts(items).equals(manifest.counts())) {
            throw PackageZip.refused("报送包的条数与清单不符", "the counts are not those of the manifest");
        }
        return new ReportPackage(manifest, files, List.copyOf(items));
    }

    /**
     * Tells whether the manifest, and with it every file, was signed with a secret.
     *
     * @param algorithm JCA name of the algorithm that is bound to {@link #keyId()}, such as {@code HmacSHA256}
     * @param secret the secret of the key
     * @return false for another key, or a manifest that was changed
     */
    public boolean isSignedBy(String algorithm, byte[] secret) {
        return PackageManifest.isSigned(file(MANIFEST), algorithm, secret);
    }

    /**
     * Reads a receipt that came back for this package.
     *
     * @param json {@code receipt.json}
     * @return the receipt; its signature is not checked here
     * @throws FuzhiException.Refused if it is no receipt, or that of another report
     */
    public Receipt receipt(byte[] json) {
        Receipt receipt = parse(json, Receipt.class, "receipt.json");
        boolean ours = Objects.equals(receipt.deadlineKind(), deadlineKind())
                && Objects.equals(receipt.bodyCode(), bodyCode())
                && Objects.equals(receipt.periodKey(), periodKey());
        if (!ours) {
            throw PackageZip.refused("凭证不属于这次报送", "the receipt is that of another report");
        }
        return receipt;
    }

    /** Jackson's message contains values, so only the file is named. */
    private static <T> T parse(byte[] json, Class<T> type, String name) {
        try {
            T parsed = Json.MAPPER.readValue(json, type);
            if (parsed != null) {
                return parsed;
            }
        } catch (IOException e) {
            // Answered below like an empty file.
        }
        throw PackageZip.refused(name + " 无法读取", name + " cannot be read");
    }

    /**
     * Returns what is reported.
     *
     * @return the kind of deadline
     */
    public DeadlineKind deadlineKind() {
        return manifest.deadlineKind();
    }

    /**
     * Returns who reports.
     *
     * @return the code of the body
     */
    public String bodyCode() {
        return manifest.bodyCode();
    }

    /**
     * Returns the period.
     *
     * @return the period key
     */
    public String periodKey() {
        return manifest.periodKey();
    }

    /**
     * Returns the id of the key that signed.
     *
     * @return the key id, which is no secret
     */
    public String keyId() {
        return manifest.keyId();
    }

    /**
     * Returns when the package was made.
     *
     * @return the time with its offset
     */
    public OffsetDateTime createdAt() {
        return manifest.createdAt();
    }

    /**
     * Returns the changes in their order, the submission last.
     *
     * @return frozen records with their versions
     */
    public List<Item> items() {
        return items;
    }

    /**
     * Returns the form for people.
     *
     * @return an .xlsx workbook, if there is one
     */
    public Optional<byte[]> form() {
        return Optional.ofNullable(files.get(FORM)).map(byte[]::clone);
    }

    /**
     * Returns an attachment.
     *
     * @param name its name, without folder
     * @return the bytes, if there is such an attachment
     */
    public Optional<byte[]> attachment(String name) {
        return Optional.ofNullable(files.get(ATTACHMENTS + name)).map(byte[]::clone);
    }

    /**
     * Lists the attachments.
     *
     * @return their names, without folder
     */
    public List<String> attachments() {
        return files.keySet().stream()
                .filter(name -> name.startsWith(ATTACHMENTS))
                .map(name -> name.substring(ATTACHMENTS.length()))
                .toList();
    }

    /**
     * Returns the identity of the package: importing it again changes nothing.
     *
     * @return SHA-256 of {@code manifest.json} in lower-case hex
     */
    public String manifestDigest() {
        return RecordCodec.digest(file(MANIFEST));
    }

    /**
     * Returns the name under which the package is carried.
     *
     * @return {@code body_kind_period_sequence.zip}
     */
    public String fileName() {
        return bodyCode() + "_" + deadlineKind() + "_" + periodKey() + "_" + String.format("%03d", manifest.sequence())
                + ".zip";
    }

    /**
     * Writes the zip file.
     *
     * @param out takes the bytes; not closed
     * @throws IOException if {@code out} does
     */
    public void write(OutputStream out) throws IOException {
        PackageZip.write(files, out);
    }

    private byte[] file(String name) {
        return Objects.requireNonNull(files.get(name));
    }

    private static String identity(Item item) {
        return item.record().kind() + "\t" + item.record().key();
    }

    private static Map<String, Integer> counts(List<Item> items) {
        Map<String, Integer> counts = new TreeMap<>();
        items.forEach(item -> counts.merge(item.record().kind().value(), 1, Integer::sum));
        return counts;
    }

    @Override
    public String toString() {
        return fileName() + " " + manifest.counts();
    }

    /** Collects the contents of a package. Not for use by several threads at once. */
    public static final class Builder {
        private final DeadlineKind kind;
        private final String bodyCode;
        private final String periodKey;
        private final List<Item> items = new ArrayList<>();
        private final Set<String> added = new HashSet<>();
        private final Map<String, byte[]> extras = new LinkedHashMap<>();
        private int sequence = 1;
        private @Nullable String platformCode;

        private Builder(DeadlineKind kind, String bodyCode, String periodKey) {
            if (!PackageManifest.isNamed(kind, bodyCode, periodKey)) {
                throw new IllegalArgumentException("报送事项、单位代码或周期写法有误 / kind, body or period is not well-formed");
            }
            this.kind = kind;
            this.bodyCode = bodyCode;
            this.periodKey = periodKey;
        }

        /**
         * Adds a change.
         *
         * @param record the frozen change
         * @param version its version, the same under which it is or will be pushed; at least 1
         * @return this builder
         * @throws IllegalArgumentException if the version is less than 1, or the record is in the package already
         */
        public Builder add(FrozenRecord record, long version) {
            if (version < 1) {
                throw new IllegalArgumentException("版本号应不小于 1 / the version is less than 1");
            }
            Item item = new Item(record, version);
            if (!added.add(identity(item))) {
                throw new IllegalArgumentException("报送包已有该记录 / the record is in the package already");
            }
            items.add(item);
            return this;
        }

        /**
         * Adds the statement that the records of the scope are the report: count and digest over those added records that are of
         * the {@linkplain #coveredKinds kinds} of the deadline and belong to the body and the period.
         *
         * @param code platform that states, such as {@code LUEYANG01}
         * @return this builder
         */
        public Builder submittedBy(String code) {
            platformCode = code;
            return this;
        }

        /**
         * Adds the form for people.
         *
         * @param workbook an .xlsx workbook
         * @return this builder
         */
        public Builder form(byte[] workbook) {
            extras.put(FORM, workbook.clone());
            return this;
        }

        /**
         * Adds an attachment.
         *
         * @param name letters of any script, digits, blanks and {@code . _ - ( )}, at most 121
         * @param content the bytes
         * @return this builder
         * @throws IllegalArgumentException if the name could be a path
         */
        public Builder attach(String name, byte[] content) {
            if (!PackageZip.isAllowed(ATTACHMENTS + name)) {
                throw new IllegalArgumentException("附件名不允许 / attachment name not allowed");
            }
            extras.put(ATTACHMENTS + name, content.clone());
            return this;
        }

        /**
         * Numbers the package, when a body makes several for one kind and period.
         *
         * @param number 1 to 999
         * @return this builder
         * @throws IllegalArgumentException for another number
         */
        public Builder sequence(int number) {
            if (number < 1 || number > PackageManifest.LAST_SEQUENCE) {
                throw new IllegalArgumentException("报送包序号应为 1 至 999 / the number is not 1 to 999");
            }
            sequence = number;
            return this;
        }

        /**
         * Makes and signs the package.
         *
         * @param keyId id of the key
         * @param algorithm JCA name of the algorithm that is bound to the key, such as {@code HmacSHA256}
         * @param secret the secret; not kept
         * @param createdAt when the package is made, with the offset +08:00
         * @return the package
         * @throws IllegalArgumentException if the key id is not 1 to 128 visible ASCII characters
         * @throws FuzhiException.Refused if it is larger than what is read again: 500 files, 100 MiB, 50 MiB zipped
         */
        public ReportPackage sign(String keyId, String algorithm, byte[] secret, OffsetDateTime createdAt) {
            List<Item> all = new ArrayList<>(items);
            if (platformCode != null) {
                all.add(submission(platformCode, createdAt));
            }
            Map<String, byte[]> listed = new LinkedHashMap<>();
            listed.put(DATA, PackageLines.write(all));
            listed.putAll(extras);
            PackageManifest manifest = new PackageManifest(
                    SPEC_VERSION,
                    kind,
                    bodyCode,
                    periodKey,
                    sequence,
                    listed.entrySet().stream()
                            .map(file -> new PackageManifest.Listed(
                                    file.getKey(), RecordCodec.digest(file.getValue()), file.getValue().length))
                            .toList(),
                    counts(all),
                    createdAt,
                    sdkVersion(),
                    keyId);
            if (!manifest.isComplete()) {
                throw new IllegalArgumentException("密钥编号写法有误 / the key id is not well-formed");
            }
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(MANIFEST, manifest.signed(algorithm, secret));
            files.putAll(listed);
            return new ReportPackage(manifest, files, List.copyOf(all)).checked();
        }

        /** As {@code Submission.digest} of the contract: sorted lines of kind, key, version and digest. */
        private Item submission(String platform, OffsetDateTime statedAt) {
            String scope = bodyCode + "~" + periodKey;
            List<String> lines = items.stream()
                    .filter(item -> scope.equals(item.record().scope())
                            && coveredKinds(kind).contains(item.record().kind())
                            && item.record().payload() != null)
                    .sorted(Comparator.comparing(ReportPackage::identity))
                    .map(item -> identity(item) + "\t" + item.version() + "\t"
                            + item.record().digest() + "\n")
                    .toList();
            Submission submission = Submission.builder()
                    .platformCode(platform)
                    .deadlineKind(kind)
                    .bodyCode(bodyCode)
                    .periodKey(periodKey)
                    .itemCount((long) lines.size())
                    .digest(RecordCodec.digest(String.join("", lines).getBytes(StandardCharsets.UTF_8)))
                    .statedAt(statedAt)
                    .build();
            return new Item(RecordCodec.freeze(submission), statedAt.toInstant().toEpochMilli() * 1_000);
        }
    }

    private ReportPackage checked() {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try {
            write(zip);
        } catch (IOException e) {
            throw new IllegalStateException("memory can always be written", e);
        }
        PackageZip.requireReadable(files, zip.size());
        return this;
    }

    /** From the manifest of the jar, which the build writes; classes that are not in a jar have none. */
    private static String sdkVersion() {
        return Objects.requireNonNullElse(ReportPackage.class.getPackage().getImplementationVersion(), "unreleased");
    }
}
