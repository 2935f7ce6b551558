-- RFC 8689 section 3: its author would rather have it arrive than have it enforced how (TLS-Required: No).
ALTER TABLE "queue_message" ADD COLUMN     "tls_optional" BOOLEAN NOT NULL DEFAULT false;
