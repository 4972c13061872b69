package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.Progress;
import cn.fuzhi.sdk.PushReport;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.SchoolEntry;
import cn.fuzhi.sdk.model.UsageReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.converter.jackson.JacksonConverterFactory;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.Header;
import retrofit2.http.POST;

/** The smaller figures of the client: start-up, memory, and what the pipeline adds to one call. */
final class ClientRuns {
    private static final int MILLION = 1_000_000;
    private static final int CALLS = 2_000;
    private static final int PAIRS = 7;
    private static final String HEAP = "-Xmx64m";

    private ClientRuns() {}

    /** What a program without the SDK would declare. */
    interface Bare {
        @GET("v1/schools/2161000001")
        Call<SchoolEntry> school(@Header("Signature-Input") String input, @Header("Signature") String signature);

        @POST("v1/usage-reports")
        Call<JsonNode> push(@Body java.util.Map<String, Object> batch);
    }

    static FuzhiClient client(String url) {
        return FuzhiClient.builder()
                .baseUrl(url)
                .credentials(Credentials.hmacSha256("benchmark", HandWritten.SECRET::clone))
                .rateLimit(0)
                .build();
    }

    static Bare bare(String url, OkHttpClient http) {
        return new Retrofit.Builder()
                .baseUrl(url)
                .client(http)
                .addConverterFactory(
                        JacksonConverterFactory.create(new ObjectMapper().registerModule(new JavaTimeModule())))
                .build()
                .create(Bare.class);
    }

    /** Pushes one record as a generated client does, and returns how many were taken. */
    static int pushOne(Bare bare, UsageReport one) throws IOException {
        java.util.Map<String, Object> item = java.util.Map.of("op", "UPSERT", "key", one.key(), "record", one);
        JsonNode answer =
                bare.push(java.util.Map.of("items", List.of(item))).execute().body();
        return answer == null ? 0 : answer.get("results").size();
    }

    /** One typed GET against a bare Retrofit call that is signed as well; medians of the single calls, and what each allocates. */
    static void overhead(Figures figures) throws Exception {
        try (Sink sink = Sink.start();
                FuzhiClient client = client(sink.url())) {
            Bare bare = bare(sink.url(), HandWritten.plainClient());
            HandWritten hand = new HandWritten(sink.url(), HandWritten.plainClient());
            Pairs.Work ours = () -> client.schools().get("2161000001");
            Pairs.Work theirs = () -> {
                HandWritten.Signed signed = hand.signRead("/v1/schools/2161000001");
                bare.school(signed.input(), signed.signature()).execute().body();
            };
            Pairs.Result result = Pairs.calls(PAIRS, CALLS, ours, theirs);
            figures.put("overhead.ratio", result.ratio());
            figures.put("overhead.ns", result.a() - result.b());
            figures.put("overhead.call_ns", result.a());
            Pairs.Result bytes = Pairs.measure(PAIRS, () -> allocated(ours), () -> allocated(theirs));
            figures.put("overhead.bytes", bytes.a() - bytes.b());
        }
    }

    /** Bytes that one call allocates; both sides do everything in the calling thread. */
    private static double allocated(Pairs.Work work) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            work.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) CALLS;
    }

    /** From the start of the virtual machine to the first accepted push, against bare Retrofit and Jackson. */
    static void startup(Figures figures) throws Exception {
        try (Sink sink = Sink.start()) {
            Pairs.Result result = Pairs.measure(
                    PAIRS,
                    () -> Children.millis("-Xmx256m", FirstPush.class.getName(), sink.url()),
                    () -> Children.millis("-Xmx256m", BarePush.class.getName(), sink.url()));
            figures.put("startup.ratio", result.ratio());
            figures.put("startup.ms", result.a());
        }
    }

    /** One million records from a stream, and as many from an outbox, each in a virtual machine with 64 MB. */
    static void memory(Figures figures) throws Exception {
        try (Sink sink = Sink.start()) {
            figures.put("memory.push.ms", Children.millis(HEAP, ManyRecords.class.getName(), sink.url()));
            figures.put("memory.push.mb", 64);
            OutboxRuns.inFolder(folder -> {
                String file = folder.resolve("outbox.db").toString();
                String records = String.valueOf(MILLION);
                figures.put(
                        "memory.enqueue.ms",
                        Children.millis(HEAP, OutboxRuns.Fill.class.getName(), sink.url(), file, records));
                figures.put(
                        "memory.drain.ms",
                        Children.millis(HEAP, OutboxRuns.Drain.class.getName(), sink.url(), file, records));
                figures.put("memory.drain.mb", 64);
            });
        }
    }

    /** A program that pushes one record. */
    static final class FirstPush {
        private FirstPush() {}

        /**
         * Pushes one record.
         *
         * @param args address of the sink
         */
        public static void main(String[] args) {
            try (FuzhiClient client = client(args[0])) {
                require(client.push(List.of(UsageRecords.one(1))).acceptedCount() == 1);
            }
        }
    }

    /** The same without the SDK. */
    static final class BarePush {
        private BarePush() {}

        /**
         * Pushes one record.
         *
         * @param args address of the sink
         * @throws IOException if the sink does not answer
         */
        public static void main(String[] args) throws IOException {
            require(pushOne(bare(args[0], HandWritten.plainClient()), UsageRecords.one(1)) == 1);
        }
    }

    /** A program that pushes a million records. */
    static final class ManyRecords {
        private ManyRecords() {}

        /**
         * Pushes a million records.
         *
         * @param args address of the sink
         */
        public static void main(String[] args) {
            try (FuzhiClient client = client(args[0])) {
                PushReport report = client.push(
                        RecordKind.USAGE_REPORT,
                        IntStream.range(0, MILLION).mapToObj(UsageRecords::one),
                        Progress.NONE);
                require(report.acceptedCount() == MILLION);
            }
        }
    }

    static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the sink did not take everything");
        }
    }
}
