import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { embeddedPostgres } from './embedded-postgres.js';
import { SeedService } from './seed.service.js';

@Module({
  imports: [TypeOrmModule.forRootAsync({ useFactory: embeddedPostgres })],
  providers: [SeedService],
})
export class DatabaseModule {}
