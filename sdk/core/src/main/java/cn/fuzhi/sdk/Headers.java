package cn.fuzhi.sdk;

import okhttp3.MediaType;
import okhttp3.RequestBody;

/** What every request says about itself. */
final class Headers {
    /** Stands in a request until its real body is chosen, because OkHttp has no POST without one. */
    static final RequestBody EMPTY_BODY = RequestBody.create(new byte[0], (MediaType) null);

    /** Accept and User-Agent. */
    static final okhttp3.Headers COMMON =
            okhttp3.Headers.of("Accept", "application/json, application/problem+json", "User-Agent", userAgent());

    private Headers() {}

    private static String userAgent() {
        String version = Headers.class.getPackage().getImplementationVersion();
        return "fuzhi-sdk-java/" + (version == null ? "dev" : version);
    }
}
