import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** The variables of a ContextForge of a test's own: in its working folder, on this machine only, open to servers here. */
export function contextForgeVariables(port: number): Record<string, string> {
  return {
    JWT_SECRET_KEY: secret(),
    AUTH_ENCRYPTION_SECRET: secret(),
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: 'sqlite:///./cf.db',
    CACHE_TYPE: 'memory',
    PLATFORM_ADMIN_EMAIL: 'admin@example.com',
    PLATFORM_ADMIN_PASSWORD: secret(),
    PASSWORD_CHANGE_ENFORCEMENT_ENABLED: 'false',
    ADMIN_REQUIRE_PASSWORD_CHANGE_ON_BOOTSTRAP: 'false',
    SSRF_ALLOW_LOCALHOST: 'true',
    SSRF_ALLOW_PRIVATE_NETWORKS: 'true',
    RATE_LIMITING_ENABLED: 'false',
    MCPGATEWAY_UI_ENABLED: 'false',
    MCPGATEWAY_ADMIN_API_ENABLED: 'true',
  };
}

/** An administrator's token, by the gateway's own command; `variables` are those that the gateway runs with. */
export async function administratorToken(
  python: string,
  variables: Record<string, string>,
  cwd: string,
): Promise<string> {
  const args = ['-m', 'mcpgateway.utils.create_jwt_token', '--username', 'admin@example.com', '--admin', '--exp', '60'];
  const env = { ...process.env, ...variables };
  const all = [...args, '--secret', variables['JWT_SECRET_KEY'] ?? ''];
  const { stdout } = await promisify(execFile)(python, all, { cwd, env });
  return stdout.trim().split('\n').at(-1) ?? '';
}

function secret(): string {
  return `${randomBytes(36).toString('base64url')}aA1!`;
}
