import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { OrdersController } from './orders.controller.js';
import { Order, OrderLine } from './orders.entities.js';
import { OrdersService } from './orders.service.js';

const { DATABASE_URL: url } = process.env;
const entities = { entities: [Order, OrderLine], synchronize: true };

@Module({
  imports: [
    // With PostgreSQL, each statement also says there which handler sent it, and in which trace.
    QueryLensModule.forRoot({ admin: { public: true }, telemetry: { sqlComments: { traceparent: true } } }),
    TypeOrmModule.forRoot(
      url === undefined ? { type: 'sqljs', ...entities } : { type: 'postgres', url, ...entities },
    ),
    ScheduleModule.forRoot(),
  ],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class AppModule {}
