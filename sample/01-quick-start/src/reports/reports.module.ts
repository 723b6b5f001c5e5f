import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Aircraft } from '../fleet/aircraft.entity.js';
import { Flight } from '../flights/flight.entity.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Flight, Aircraft])],
  controllers: [ReportsController],
  providers: [ReportsService],
})
export class ReportsModule {}
