package cn.fuzhi.examples.plain;

import static java.nio.charset.StandardCharsets.UTF_8;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.outbox.Outbox;
import java.nio.file.Path;
import java.time.Duration;

/** The shortest way to a delivered record. Arguments: address of the platform, key id, secret. */
public final class FirstRecord {
    private FirstRecord() {}

    /**
     * Enqueues one school and waits until the platform has it.
     *
     * @param args address of the platform, key id, secret
     * @throws InterruptedException if the program is told to stop while it waits
     */
    public static void main(String[] args) throws InterruptedException {
        try (FuzhiClient client = FuzhiClient.builder()
                        .baseUrl(args[0])
                        .credentials(Credentials.hmacSha256(args[1], () -> args[2].getBytes(UTF_8)))
                        .build();
                Outbox outbox = Outbox.builder()
                        .client(client)
                        .file(Path.of("fuzhi-outbox.db"))
                        .build()) {
            outbox.enqueue(School.builder()
                    .schoolCode("2161000001")
                    .unitKind(UnitKind.SCHOOL)
                    .name("略阳县示例第一小学")
                    .divisionCode("610727")
                    .urbanRuralClass(UrbanRuralClass.TOWN_CENTER)
                    .status(SchoolStatus.ACTIVE)
                    .build()); // durable from here on, whatever happens
            System.out.println(outbox.flush(Duration.ofSeconds(30))); // what was delivered, what is left
            System.out.println(outbox.status()); // and why
            outbox.deadLetters().list(null, null, 10).forEach(System.out::println); // refused, with reasons
        }
    }
}
