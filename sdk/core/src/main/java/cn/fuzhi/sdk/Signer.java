package cn.fuzhi.sdk;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes message authentication codes with the secret of one key id. The secret itself is held only while an algorithm is
 * initialised with it; initialised algorithms are kept and lent to one thread at a time.
 */
final class Signer {
    private static final int KEPT = 16;

    private final Credentials.Hmac credentials;
    private volatile Generation generation = new Generation();

    Signer(Credentials credentials) {
        this.credentials = (Credentials.Hmac) credentials;
    }

    /** The algorithms that were initialised with one reading of the secret. */
    private static final class Generation {
        private final ConcurrentLinkedQueue<Mac> idle = new ConcurrentLinkedQueue<>();
    }

    String keyId() {
        return credentials.keyId();
    }

    /** Tells whether an installed provider has the algorithm. */
    static boolean isSupported(Credentials credentials) {
        try {
            Mac.getInstance(((Credentials.Hmac) credentials).algorithm());
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    /** Forgets what was derived from the secret: the next signature asks for it again. */
    void forget() {
        generation = new Generation();
    }

    /**
     * Authenticates a signature base (RFC 9421 §2.5).
     *
     * @return base64 of the code
     */
    String sign(String base) {
        Generation current = generation;
        Mac mac = current.idle.poll();
        if (mac == null) {
            mac = initialised();
        }
        String code = Base64.getEncoder().encodeToString(code(mac, base));
        if (current == generation && current.idle.size() < KEPT) {
            current.idle.add(mac);
        }
        return code;
    }

    private byte[] code(Mac mac, String base) {
        try {
            return mac.doFinal(base.getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            // Such as a provider whose device was taken away: what was derived on it is of no use either.
            forget();
            throw unusable("签名失败：" + e.getClass().getName(), "signing failed");
        }
    }

    private Mac initialised() {
        byte[] secret = secret();
        try {
            Mac mac = Mac.getInstance(credentials.algorithm());
            mac.init(new SecretKeySpec(secret, credentials.algorithm()));
            return mac;
        } catch (InvalidKeyException e) {
            throw unusable("密钥不可用", "the secret cannot be used");
        } catch (GeneralSecurityException e) {
            throw unusable("没有签名算法 " + credentials.algorithm(), "no provider has " + credentials.algorithm());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] secret() {
        byte[] secret;
        try {
            secret = credentials.secret().get();
        } catch (RuntimeException e) {
            // Its message may name the secret, so it is not passed on.
            throw unusable("读取密钥失败：" + e.getClass().getName(), "reading the secret failed");
        }
        if (secret == null || secret.length == 0) {
            throw unusable("密钥为空", "there is no secret");
        }
        return secret;
    }

    private FuzhiException unusable(String zh, String en) {
        String key = " [keyId=" + keyId() + "]";
        return new FuzhiException.Unauthenticated(FuzhiException.Details.of(zh + key, en + key), null);
    }
}
