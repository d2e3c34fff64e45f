/** What can be done with the servers behind a gateway. */
export const gatewayVerbs = ['list', 'show', 'add', 'remove', 'enable', 'disable'] as const;
