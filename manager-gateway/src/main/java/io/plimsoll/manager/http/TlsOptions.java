package io.plimsoll.manager.http;

import java.nio.file.Path;

/**
 * How the HTTP API is secured.
 *
 * @param certificateFile  PEM chain of the server.
 * @param keyFile          PEM PKCS#8 key of the certificate.
 * @param clientCaFile     PEM certificates that those of clients are checked with; null: clients need none.
 * @param clientsMayBeBare whether a client without a certificate may connect nevertheless.
 */
public record TlsOptions(Path certificateFile, Path keyFile, Path clientCaFile, boolean clientsMayBeBare)
{
}
