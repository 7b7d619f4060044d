/** The version that receipts bear; a test holds it to package.json's. */
export const PLAYBOOK_VERSION = '0.2.0';
