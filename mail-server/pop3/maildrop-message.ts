export interface MaildropMessage {
  uid: number;
  messageId: number;
  /** octets as sent, without dot-stuffing */
  size: number;
  seen: boolean;
}
