-- Who may write to a group is said by mail_group.posting; nothing ever set or asked this of one member.
ALTER TABLE "address_target" DROP COLUMN "may_post";
