package cn.fuzhi.examples.county;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import java.util.HexFormat;
import java.util.Properties;

/** Connects a program of this job with the platform. */
final class Connection {
    private Connection() {}

    static FuzhiClient open(Job job) {
        Properties platform = job.platform();
        return FuzhiClient.builder()
                .baseUrl(platform.getProperty("baseUrl"))
                .credentials(Credentials.hmacSha256(
                        platform.getProperty("keyId"), () -> HexFormat.of().parseHex(platform.getProperty("secret"))))
                .rateLimit(0) // a short day: neither the county nor the judge has to be gentle
                .build();
    }
}
