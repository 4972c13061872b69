package cn.fuzhi.sdk.mock;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The mock platform as a program: {@code java -jar fuzhi-mock.jar --port 8080 --https --data DIR --allow-unsigned}. */
final class Main {
    private static final String USAGE = """
            用法 / usage: java -jar fuzhi-mock.jar [选项 / options]
              --port N           端口，默认 8080；0 为任意空闲端口 / port, 8080 unless given; 0 takes a free one
              --https            使用自签证书的 HTTPS / HTTPS with a certificate made at start
              --data DIR         启动时载入目录内的 *.jsonl / loads *.jsonl of a folder, lines {"kind":…,"record":{…}}
              --certificate FILE 把自签证书写入文件 / with --https: writes the certificate to a file, for curl --cacert
              --allow-unsigned   允许本机的未签名请求 / accepts unsigned requests from this machine
              --key ID           密钥编号，默认 mock-key / key id
              --secret TEXT      密钥，UTF-8 文本，不打印 / secret, as UTF-8 text, never printed
              --platform CODE    平台代码，默认 LUEYANG01 / platform code
              --body CODE        报送单位，默认 610700 / reporting body, county or zone
              --authority NAME   签名所用的主机名 / public name that clients sign
              --help
            """;

    private Main() {}

    /** What a start came to: an exit code, or a running platform. */
    record Start(int exitCode, List<MockPlatform> running) {
        static Start ended(int exitCode) {
            return new Start(exitCode, List.of());
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Start start = start(arguments, System.out, System.err);
        if (start.running().isEmpty()) {
            System.exit(start.exitCode());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> start.running().forEach(MockPlatform::close)));
        new CountDownLatch(1).await();
    }

    /** Starts a platform as told by the arguments; messages go to the two streams. */
    static Start start(String[] arguments, PrintStream out, PrintStream err) {
        MockOptions options = MockPlatform.builder().port(8080);
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        Deque<Path> data = new ArrayDeque<>();
        Deque<Path> certificate = new ArrayDeque<>();
        try {
            while (!rest.isEmpty()) {
                String option = rest.removeFirst();
                if (option.equals("--help")) {
                    out.print(USAGE);
                    return Start.ended(0);
                }
                read(option, rest, options, data, certificate);
            }
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(USAGE);
            return Start.ended(2);
        }
        boolean publicSecret = !List.of(arguments).contains("--secret");
        return start(options, data, certificate, publicSecret, out, err);
    }

    private static void read(
            String option, Deque<String> rest, MockOptions options, Deque<Path> data, Deque<Path> certificate) {
        switch (option) {
            case "--https" -> options.https();
            case "--allow-unsigned" -> options.allowUnsigned();
            case "--port" -> options.port(port(value(option, rest)));
            case "--data" -> data.add(path(option, rest));
            case "--certificate" -> certificate.add(path(option, rest));
            case "--key" -> options.keyId(value(option, rest));
            case "--secret" -> options.secret(value(option, rest).getBytes(StandardCharsets.UTF_8));
            case "--platform" -> options.platform(value(option, rest));
            case "--body" -> options.bodies(value(option, rest));
            case "--authority" -> options.authority(value(option, rest));
            default -> throw new IllegalArgumentException("未知选项 / unknown option " + option);
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " 缺少值 / needs a value");
        }
        return rest.removeFirst();
    }

    private static Path path(String option, Deque<String> rest) {
        return Path.of(value(option, rest));
    }

    /** The message of an exception about a file is often only its name. */
    private static String reason(Exception e) {
        return e instanceof IOException ? e.toString() : String.valueOf(e.getMessage());
    }

    private static boolean portProblem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("端口无效 / not a port: " + text);
        }
        return Integer.parseInt(text);
    }

    private static Start start(
            MockOptions options,
            Deque<Path> data,
            Deque<Path> certificate,
            boolean publicSecret,
            PrintStream out,
            PrintStream err) {
        MockPlatform platform;
        try {
            platform = options.start();
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println("参数无效 / an option cannot be used: " + e.getMessage());
            return Start.ended(2);
        } catch (RuntimeException e) {
            err.println(
                    portProblem(e)
                            ? "端口 " + options.port() + " 无法使用，可能已被占用 / port " + options.port()
                                    + " cannot be used, it may be taken: " + e.getMessage()
                            : "无法启动 / cannot start: " + e);
            return Start.ended(3);
        }
        try {
            for (Path folder : data) {
                out.println(SeedData.load(folder, platform) + " 条记录已载入 / records loaded from " + folder);
            }
            String pem = platform.certificatePem();
            for (Path file : certificate) {
                if (pem == null) {
                    throw new IllegalArgumentException("--certificate 需要 --https / --certificate needs --https");
                }
                Files.writeString(file, pem);
            }
        } catch (IOException | IllegalArgumentException e) {
            err.println("数据或证书文件有误 / a file of data or the certificate cannot be used: " + reason(e));
            platform.close();
            return Start.ended(4);
        }
        greet(platform, publicSecret, out);
        return new Start(0, List.of(platform));
    }

    private static void greet(MockPlatform platform, boolean publicSecret, PrintStream out) {
        long sinceStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        out.println("扶智平台模拟服务 / mock platform: " + platform.baseUrl());
        out.println("  文档 / docs: " + platform.baseUrl() + Console.PATH + "/docs/index.html");
        out.println("  密钥编号 / key id: " + platform.keyId());
        // The built-in secret stands in public code; one that somebody gave is theirs, and no log should have it.
        out.println("  密钥 / secret: "
                + (publicSecret ? new String(platform.secret(), StandardCharsets.UTF_8) : "--secret"));
        out.println("  启动用时 / ready after " + sinceStart + " ms");
    }
}
