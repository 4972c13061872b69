package cn.fuzhi.sdk;

import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** What every request says about itself. */
final class Headers {
    /** Stands in a request until its real body is chosen, because OkHttp has no POST without one. */
    static final RequestBody EMPTY_BODY = RequestBody.create(new byte[0], (MediaType) null);

    private static final String USER_AGENT = userAgent();

    private Headers() {}

    /** Says what can be read, and which program reads it. */
    static Request.Builder common(Request.Builder request) {
        return request.header("Accept", "application/json, application/problem+json")
                .header("User-Agent", USER_AGENT);
    }

    private static String userAgent() {
        String version = Headers.class.getPackage().getImplementationVersion();
        return "fuzhi-sdk-java/" + (version == null ? "dev" : version);
    }
}
