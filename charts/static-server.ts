/** Where nginx-unprivileged takes servers from, and where it has its pages. */
export const SERVER_FILE = '/etc/nginx/conf.d/default.conf';
export const PAGES = '/usr/share/nginx/html';

/** What nginx-unprivileged listens on: nothing runs as root. */
export const PORT = 8080;

/**
 * The server of a static site, for nginx's http block: what may be kept, where and for how long (RFC 9111), and by whom
 * (RFC 9213: `CDN-Cache-Control` is for the CDN alone).
 *
 * @param assets path below which a file's name changes with its content
 * @param tag by which the CDN finds its copies of all that does not
 */
export function staticServer({ assets, tag }: { readonly assets: string; readonly tag: string }): string {
  return String.raw`# The caller's id, where it is one; else one of our own.
map $http_x_request_id $correlation_id {
    default $request_id;
    "~^[\w.:=/+-]{1,128}$" $http_x_request_id;
}

# What was asked for, without the query: it may carry the code of a login.
map $request_uri $asked {
    "~^(?<before_query>[^?]*)" $before_query;
}

map $status $allow {
    405 "GET, HEAD";
}

log_format site escape=json
    '{"time":"$time_iso8601","correlation_id":"$correlation_id","host":"$host","method":"$request_method",'
    '"uri":"$asked","status":"$status","bytes":"$body_bytes_sent","seconds":"$request_time"}';

server {
    listen ${PORT};
    root ${PAGES};
    server_tokens off;
    access_log /dev/stdout site;
    error_log /dev/stderr warn;

    # Of health and errors nobody keeps a copy. A location that adds headers of its own does not get these.
    add_header Cache-Control no-store always;
    add_header Allow $allow always;

    gzip on;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    gzip_comp_level 5;
    gzip_min_length 1024;
    gzip_types application/javascript application/json application/manifest+json application/wasm application/xml
        image/svg+xml text/css text/javascript text/plain text/xml;

    if ($request_method !~ ^(GET|HEAD)$) {
        return 405;
    }

    location = /livez {
        access_log off;
        default_type text/plain;
        return 200 "live\n";
    }

    location = /readyz {
        access_log off;
        default_type text/plain;
        if (!-f $document_root/index.html) {
            return 503 "index.html is missing\n";
        }
        return 200 "ready\n";
    }

    # What begins with a dot was not meant to be read, but for what others look for there (RFC 8615).
    location ~ /\.(?!well-known/) {
        return 404;
    }

    location = /config.json {
        add_header Cache-Control no-cache;
        add_header Cache-Tag ${tag};
        try_files $uri @missing;
    }

    # A missing one is missing: index.html in its place would be kept for a year as a script.
    location ${assets} {
        add_header Cache-Control "public, max-age=31536000, immutable";
        try_files $uri @missing;
    }

    # Images can be built so that all files carry one time. Then two releases of this file may agree in time and length,
    # which is all that nginx tells them apart by: so it is sent anew each time.
    location = /index.html {
        etag off;
        add_header Last-Modified "";
        add_header Cache-Control no-cache;
        add_header CDN-Cache-Control max-age=3600;
        add_header Cache-Tag ${tag};
        try_files $uri @missing;
    }

    # The page itself knows its paths.
    location / {
        add_header Cache-Control no-cache;
        add_header CDN-Cache-Control max-age=3600;
        add_header Cache-Tag ${tag};
        try_files $uri /index.html;
    }

    location @missing {
        return 404;
    }
}
`;
}
