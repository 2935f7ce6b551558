import { spawn } from 'node:child_process';
import { projectRoot } from './project.ts';

const OUTPUT_KEPT = 20_000;

/** Runs a program in the checkout to its end. Its output (the last of it) comes back, so that it is shown only where it matters. */
export async function runCommand(
  program: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<{ status: number; output: string }> {
  let output = '';
  const child = spawn(program, args, {
    cwd: projectRoot,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    signal: options.signal,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
    });
  }
  const status = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      output += `\n${error.message}`;
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { status, output: output.trim() };
}
