/** @throws where a container cannot listen on it: nothing runs as root */
export function checkPort(path: string, field: string, port: number): void {
  if (!Number.isInteger(port) || port < 1024 || port > 65535)
    throw new Error(
      `${path}: ${field} is ${JSON.stringify(port)}; give a port from 1024 to 65535, nothing runs as root`,
    );
}
