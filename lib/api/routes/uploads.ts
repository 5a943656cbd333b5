import { z } from '@hono/zod-openapi';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import type { Upload } from '@/lib/domain/upload.ts';
import { maxUploadBytes, uploadUrl } from '@/lib/domain/upload.ts';
import { uploadImage } from '@/lib/operations/upload-image.ts';

const uploaded = z.object({ url: z.string(), fileName: z.string(), fileSize: z.int() }).openapi('UploadedImage');

/** The routes of `/uploads`. */
export const uploadRoutes: readonly AnyRoute[] = [
  makeRoute<Uint8Array, Upload>({
    method: 'POST',
    path: '/uploads/image',
    scope: 'plugipay:checkout:write',
    successStatus: 201,
    strictIdempotency: false,
    tag: 'Uploads',
    summary: 'Upload a PNG, JPEG or WebP picture, such as a logo',
    upload: { field: 'file', maxBytes: maxUploadBytes },
    input: z.instanceof(Uint8Array),
    answer: uploaded,
    toWire: ({ name, bytes }) => ({ url: uploadUrl(name), fileName: name, fileSize: bytes.length }),
    write: ({ on, scope, by, input }) => uploadImage(on, scope, by, input),
  }),
];
