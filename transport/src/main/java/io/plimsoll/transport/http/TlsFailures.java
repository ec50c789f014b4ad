package io.plimsoll.transport.http;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Says in words what the JDK says of certificates in its own. */
final class TlsFailures
{
    private static final int DEPTH_MAX = 12;

    private TlsFailures()
    {
    }

    /**
     * In words.
     *
     * @param hasCertificate whether this client has one to show.
     * @return null: it is about something else.
     */
    static String explained(final Throwable thrown, final boolean hasCertificate)
    {
        if (!(thrown instanceof SSLException))
        {
            return null;
        }
        Throwable cause = thrown;
        for (int depth = 0; null != cause && depth < DEPTH_MAX; depth++)
        {
            if (cause instanceof CertificateExpiredException)
            {
                return "its certificate has expired";
            }
            if (cause instanceof CertificateNotYetValidException)
            {
                return "its certificate is not valid yet";
            }
            if (cause instanceof CertPathValidatorException || isUntrusted(cause))
            {
                final String own = explainedBelow(cause);
                return null == own ? "its certificate is not of an authority that is trusted here; see --ca" : own;
            }
            cause = cause.getCause();
        }
        return alert(String.valueOf(thrown.getMessage()), hasCertificate);
    }

    /** A message without the name of the alert that newer JDKs put before it. */
    static String withoutAlert(final String message)
    {
        return message.replaceFirst("^\\([a-z_]+\\) ", "");
    }

    /** Why a connection may have been closed without a word. */
    static String guess(final boolean hasCertificate)
    {
        return hasCertificate ?
            "; perhaps it does not accept the certificate of this client" :
            "; perhaps it asks clients for a certificate, see --client-certificate";
    }

    private static boolean isUntrusted(final Throwable cause)
    {
        return String.valueOf(cause.getMessage()).contains("unable to find valid certification path");
    }

    private static String explainedBelow(final Throwable cause)
    {
        return null == cause.getCause() ? null : switch (cause.getCause().getClass().getSimpleName())
        {
            case "CertificateExpiredException" -> "its certificate has expired";
            case "CertificateNotYetValidException" -> "its certificate is not valid yet";
            default -> null;
        };
    }

    private static String alert(final String message, final boolean hasCertificate)
    {
        // What this side finds fault with has the name of an alert in it as well, from JDK 25 on.
        final boolean isOfOther = message.contains("Received fatal alert");
        if (isOfOther && (message.contains("certificate_required") || message.contains("bad_certificate") ||
            message.contains("certificate_unknown") || message.contains("unknown_ca") ||
            message.contains("certificate_expired")))
        {
            return hasCertificate ?
                "it does not accept the certificate of this client" :
                "it asks clients for a certificate; see --client-certificate";
        }
        return message.contains("Unsupported or unrecognized SSL message") ?
            "it does not speak TLS; use http://" : null;
    }
}
