package io.plimsoll.manager.identity;

import io.plimsoll.manager.database.DatabaseUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * Who is who, for whoever asks or changes it. Safe for any thread. Futures end with
 * {@link DatabaseUnavailableException} while the database does not answer, and with {@link IdentityException} if it
 * refuses.
 */
public interface Identities
{
    /** Where nobody is known. */
    Identities NONE = new Identities()
    {
        @Override
        public Identity identity()
        {
            return Identity.EMPTY;
        }

        @Override
        public CompletableFuture<Identity> known()
        {
            return CompletableFuture.failedFuture(DatabaseUnavailableException.off());
        }

        @Override
        public CompletableFuture<Identity> change(final AuditEntry entry, final Work work)
        {
            return CompletableFuture.failedFuture(DatabaseUnavailableException.off());
        }

        @Override
        public void record(final AuditEntry entry)
        {
            // There is nowhere to write it.
        }

        @Override
        public String newSecret(final String accessKey)
        {
            throw new IllegalStateException("nobody is known, and nobody can be made");
        }

        @Override
        public CompletableFuture<List<AuditEntry>> audit(final AuditQuery query)
        {
            return CompletableFuture.failedFuture(DatabaseUnavailableException.off());
        }
    };

    /** What is known now; nobody if nothing was ever read. */
    Identity identity();

    /** How long ago the database said so, in seconds, if it has not said anything since the start; 0: it has. */
    default long staleSeconds()
    {
        return 0;
    }

    /** What is known, read first if it never was. */
    CompletableFuture<Identity> known();

    /**
     * Changes something, and writes into the audit log that it was done, both or neither; ends when what is known here
     * says so too, and normally when the core has confirmed it.
     *
     * @param entry of the audit log.
     * @param work  changes; is called with what is known once nobody else can change it.
     * @return what is known then.
     */
    CompletableFuture<Identity> change(AuditEntry entry, Work work);

    /** Writes of something that was done, or refused, elsewhere: soon, if there is a database that is in use. */
    void record(AuditEntry entry);

    /** Secret of a keypair that is to be made with an access key. */
    String newSecret(String accessKey);

    /** Newest first. */
    CompletableFuture<List<AuditEntry>> audit(AuditQuery query);

    /** Changes something within a transaction. */
    @FunctionalInterface
    interface Work
    {
        /**
         * Does it.
         *
         * @param current what is known in the transaction.
         * @param change  carries it out.
         */
        Mono<Void> apply(Identity current, IdentityChange change);
    }
}
